import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach } from '@jest/globals';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { packIds, unpackBigIntIds, type Id } from '../../src/domain/packed-ids.js';
import type { Acceptance, IngestionPage, NewIngestion } from '../../src/domain/ingestion.js';
import type { IngestionRepository } from '../../src/ingestion/ingestion.repository.js';
import type { Priority } from '../../src/domain/priority.js';
import type { Dispatch, Outcome } from '../../src/domain/dispatch.js';
import {
  queueOf,
  releaseOne,
  settleOne,
  UNLIMITED,
  type ClaimTerms,
  type SingleClaim,
  type TestQueue,
} from '../support/claims.js';
import type { OpenStore, StoreUnderTest } from './stores.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const TERMS = UNLIMITED;

/** Number of stalls of the machine that a claim may meet. */
const MAX_STALLS = 5;

/** The store of the running test, with helpers for tests. */
export class Gate {
  private opened: OpenStore | undefined;

  constructor(private readonly underTest: StoreUnderTest) {}

  get store(): OpenStore {
    if (this.opened === undefined) {
      throw new Error('the store is open only within a test');
    }
    return this.opened;
  }

  /** The queue of this process. */
  get queue(): TestQueue {
    return queueOf(this.store.dispatches, this.store.runtime);
  }

  async open(): Promise<void> {
    this.opened = await this.underTest.open();
  }

  async close(): Promise<void> {
    await this.opened?.close();
    this.opened = undefined;
  }

  /** Simulates a kill of the process and the start of another one. */
  async restart(): Promise<void> {
    const killed = this.store;
    this.opened = undefined;
    this.opened = await killed.reopen();
  }

  /** Accepts one list and resolves with its ingestion id. */
  async accept(priority: Priority, ids: readonly Id[]): Promise<string> {
    const ingestion = newIngestion(priority, ids);
    await this.store.ingestions.acceptAll([ingestion]);
    return ingestion.ingestionId;
  }

  acceptAll(group: readonly NewIngestion[]): Promise<Acceptance[]> {
    return this.store.ingestions.acceptAll(group);
  }

  claim(terms: Partial<ClaimTerms> = {}): Promise<SingleClaim> {
    return this.queue.claim({ ...TERMS, ...terms });
  }

  /** Claims a dispatch; fails if there is none. */
  async dispatch(terms: Partial<ClaimTerms> = {}): Promise<Dispatch> {
    const claim = await this.claimInTime(terms);
    if (claim.kind !== 'dispatch') {
      throw new Error(`no dispatch, but ${JSON.stringify(claim)}`);
    }
    return claim.dispatch;
  }

  /** Claims again if the machine stalled for so long that the dispatch was too late and was released. */
  private async claimInTime(terms: Partial<ClaimTerms>): Promise<SingleClaim> {
    let claim = await this.claim(terms);
    for (let stalls = 0; claim.kind === 'released' && stalls < MAX_STALLS; stalls++) {
      claim = await this.claim(terms);
    }
    return claim;
  }

  /** Completes dispatches until nothing is due; resolves with the ids of each. */
  async drain(terms: Partial<ClaimTerms> = {}): Promise<bigint[][]> {
    const drained: bigint[][] = [];
    for (;;) {
      const claim = await this.claimInTime(terms);
      if (claim.kind !== 'dispatch') {
        return drained;
      }
      drained.push(idsOf(claim.dispatch));
      await this.settle(claim.dispatch, COMPLETED);
    }
  }

  /** Settles with one outcome for each id, or with the same for all. */
  settle(dispatch: Dispatch, outcomes: Outcome | readonly Outcome[]): Promise<boolean> {
    const each = isList(outcomes) ? outcomes : idsOf(dispatch).map(() => outcomes);
    return settleOne(this.store, dispatch, each);
  }

  release(dispatch: Dispatch): Promise<boolean> {
    return releaseOne(this.store, dispatch);
  }

  async find(ingestionId: string): Promise<WholeIngestion> {
    const whole = await findWhole(this.store.ingestions, ingestionId);
    if (whole === null) {
      throw new Error(`no ingestion ${ingestionId}`);
    }
    return whole;
  }
}

export interface WholeIngestion extends IngestionPage {
  readonly packedIds: Uint8Array;
}

/** Finds an ingestion with all its batches and ids; resolves with null if it is unknown. */
export async function findWhole(
  ingestions: IngestionRepository,
  ingestionId: string,
): Promise<WholeIngestion | null> {
  const page = await ingestions.findWithBatches(ingestionId, 0, 2 ** 31 - 1);
  const packedIds = page && (await ingestions.readIds(page.ingestion, 0, page.ingestion.total));
  return page && packedIds && { ...page, packedIds };
}

/** Gives each test of the enclosing block a store of its own. */
export function useGate(underTest: StoreUnderTest): Gate {
  const gate = new Gate(underTest);
  beforeEach(() => gate.open());
  afterEach(() => gate.close());
  return gate;
}

export const COMPLETED: Outcome = { kind: 'completed' };

export function failed(message = 'refused for good'): Outcome {
  return { kind: 'failed', error: { kind: 'rejected', message } };
}

export function retryIn(delayMs: number, message = 'not now'): Outcome {
  return { kind: 'retry', delayMs, error: { kind: 'upstream', message } };
}

export function newIngestion(
  priority: Priority,
  ids: readonly Id[],
  idempotency?: NewIngestion['idempotency'],
): NewIngestion {
  return {
    ingestionId: randomUUID(),
    lane: DEFAULT_LANE,
    priority,
    client: null,
    packedIds: packIds(ids),
    ...(idempotency && { idempotency }),
  };
}

export function idsOf(dispatch: Dispatch): bigint[] {
  return dispatch.parts.flatMap((part) => unpackBigIntIds(part.packedIds));
}

function isList(outcomes: Outcome | readonly Outcome[]): outcomes is readonly Outcome[] {
  return Array.isArray(outcomes);
}
