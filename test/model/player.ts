import { expect } from '@jest/globals';
import type { NewIngestion } from '../../src/ingestion/ingestion.js';
import type { Dispatch, Outcome } from '../../src/scheduler/dispatch.js';
import type { Claim } from '../../src/scheduler/dispatch.store.js';
import { COMPLETED, failed, newIngestion, retryIn } from '../contract/gate.js';
import type { OpenStore } from '../contract/stores.js';
import { Reference, type Item } from './reference.js';
import { QUANTUM_MS, WINDOW_QUANTA, type Ending, type List, type Step, type Story } from './steps.js';

/** Between two steps, so that no two moments are the same. */
const TICK_MS = 100;
const MANY = 100_000;

interface Kept {
  readonly size: number;
  readonly ingestionId: string;
  readonly endsMs: number;
}

/** Takes each step on the real queue and on the reference, and sees that they agree. */
export class Player {
  private readonly reference: Reference;
  private readonly ingestionIds: string[] = [];
  private readonly keys = new Map<number, Kept>();
  private readonly held: Dispatch[] = [];
  private readonly ended: Dispatch[] = [];

  constructor(
    private store: OpenStore,
    private terms: Story['terms'],
    private readonly isLeaseOfProcess: boolean,
  ) {
    this.reference = new Reference(terms);
  }

  async take(step: Step): Promise<void> {
    await this.pass(TICK_MS);
    switch (step.do) {
      case 'accept':
        return this.accept(step.lists);
      case 'claim':
        return this.claim();
      case 'settle':
        return this.settle(pick(this.held, step.which), step.endings);
      case 'settle late':
        return this.settleLate(pick(this.ended, step.which));
      case 'release':
        return this.release(pick(this.held, step.which));
      case 'renew':
        return this.renew(pick(this.held, step.which));
      case 'take over':
        return this.takeOver();
      case 'redrive':
        return this.redrive(step.which);
      case 'wait':
        return this.pass(step.quanta * QUANTUM_MS);
      case 'restart':
        return this.restart();
    }
  }

  /** Whatever the story left, it comes to its end: each id has one outcome. */
  async finish(): Promise<void> {
    this.terms = { ...this.terms, batchSize: MANY };
    await this.pass(this.terms.leaseMs + TICK_MS);
    await this.takeOver();
    do {
      await this.pass(Math.max(this.terms.delayMs, QUANTUM_MS));
      await this.claim();
      await this.settle(this.held[0], ['completed']);
    } while (this.reference.items.some(({ state }) => state !== 'completed' && state !== 'failed'));
    await this.claim();
    expect(this.reference.items.every(({ endings }) => endings === 1)).toBe(true);
    await this.compare();
  }

  /** Every ingestion, and the dead letters. */
  async compare(): Promise<void> {
    for (const ingestion of this.ingestionIds.keys()) {
      await this.compareIngestion(ingestion);
    }
    const letters = await this.store.deadLetters.list({}, null, MANY);
    expect(letters.map(({ ingestionId, position }) => [ingestionId, position])).toEqual(
      this.reference.deadLetters.map((item) => [this.idOf(item), item.position]).reverse(),
    );
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private async pass(ms: number): Promise<void> {
    this.reference.nowMs += ms;
    await this.store.advance(ms);
  }

  private async accept(lists: readonly List[]): Promise<void> {
    const group = lists.map(toIngestion);
    const acceptances = await this.store.ingestions.acceptAll(group);
    for (const [i, { priority, size, key }] of lists.entries()) {
      const kept = key === null ? undefined : this.keys.get(key);
      if (kept !== undefined && this.reference.nowMs < kept.endsMs) {
        expect(acceptances[i]).toEqual(
          kept.size === size ? { kind: 'replayed', ingestionId: kept.ingestionId } : { kind: 'conflict' },
        );
        continue;
      }
      const ingestionId = group[i]?.ingestionId ?? '';
      expect(acceptances[i]).toEqual({ kind: 'accepted', ingestionId });
      this.ingestionIds[this.reference.accept(priority, size)] = ingestionId;
      if (key !== null) {
        const endsMs = this.reference.nowMs + WINDOW_QUANTA * QUANTUM_MS;
        this.keys.set(key, { size, ingestionId, endsMs });
      }
    }
  }

  private async claim(): Promise<void> {
    const claim = await this.store.dispatches.claim(this.terms);
    const next = this.reference.next(this.terms.batchSize);
    if (this.reference.opensInMs > 0) {
      expectMs(claim, 'slot_closed', this.reference.opensInMs);
    } else if (next.length === 0) {
      expectMs(claim, 'nothing_due', this.reference.nextDueInMs);
    } else {
      this.begin(claim, next);
    }
  }

  private begin(claim: Claim, next: readonly Item[]): void {
    if (claim.kind !== 'dispatch') {
      throw new Error(`${String(next.length)} ids should go, but ${JSON.stringify(claim)}`);
    }
    const { dispatch } = claim;
    this.reference.begin(dispatch.dispatchNo, next);
    const sent = dispatch.parts.flatMap(({ ingestionId, batchNo, first, size, failures }) =>
      Array.from({ length: size }, (_, i) => ({ ingestionId, batchNo, position: first + i, failures })),
    );
    expect(sent).toEqual(
      next.map((item) => ({
        ingestionId: this.idOf(item),
        batchNo: item.batch,
        position: item.position,
        failures: item.failures,
      })),
    );
    expect(dispatch.parts.flatMap(({ packedIds }) => [...packedIds])).toEqual(
      next.flatMap(({ position }) => [0, 0, 0, 0, 0, 0, (position + 1) >> 8, (position + 1) & 0xff]),
    );
    this.held.push(dispatch);
  }

  private async settle(dispatch: Dispatch | undefined, endings: readonly Ending[]): Promise<void> {
    if (dispatch === undefined) {
      return;
    }
    const items = this.end(dispatch);
    const each = items.map((_, i) => endings[i % endings.length] ?? 'completed');
    expect(await this.store.dispatches.settle(dispatch.dispatchNo, each.map(toOutcome))).toBe(true);
    each.forEach((ending, i) => {
      const item = items[i];
      if (item !== undefined) {
        this.endItem(item, ending);
      }
    });
  }

  private endItem(item: Item, ending: Ending): void {
    if (ending === 'completed') {
      this.reference.complete(item);
    } else if (ending === 'failed') {
      this.reference.fail(item);
    } else {
      this.reference.retry(item, ending.retryInQuanta * QUANTUM_MS);
    }
  }

  /** Whoever no longer holds a dispatch changes nothing. */
  private async settleLate(dispatch: Dispatch | undefined): Promise<void> {
    if (dispatch !== undefined) {
      const outcomes = dispatch.parts.flatMap(({ size }) => Array.from({ length: size }, () => failed()));
      expect(await this.store.dispatches.settle(dispatch.dispatchNo, outcomes)).toBe(false);
      expect(await this.store.dispatches.release(dispatch.dispatchNo)).toBe(false);
    }
  }

  private async release(dispatch: Dispatch | undefined): Promise<void> {
    if (dispatch !== undefined) {
      expect(await this.store.dispatches.release(dispatch.dispatchNo)).toBe(true);
      this.giveBack(dispatch);
    }
  }

  private async renew(dispatch: Dispatch | undefined): Promise<void> {
    if (dispatch !== undefined) {
      await this.store.dispatches.renew([dispatch.dispatchNo], this.terms.leaseMs);
      const flight = this.reference.inFlight.get(dispatch.dispatchNo);
      if (flight !== undefined) {
        flight.leaseEndsMs = this.reference.nowMs + this.terms.leaseMs;
      }
    }
  }

  private async takeOver(): Promise<void> {
    const isOver = ({ dispatchNo }: Dispatch): boolean =>
      (this.reference.inFlight.get(dispatchNo)?.leaseEndsMs ?? 0) <= this.reference.nowMs;
    const lapsed = this.held.filter(isOver);
    const taken = await this.store.dispatches.takeOverLapsed();
    expect([...taken].sort()).toEqual(lapsed.map(({ dispatchId }) => dispatchId).sort());
    for (const dispatch of lapsed) {
      this.giveBack(dispatch);
    }
  }

  private async redrive(which: number | null): Promise<void> {
    const ingestion = which === null ? null : which % Math.max(this.ingestionIds.length, 1);
    const ingestionId = ingestion === null ? undefined : this.ingestionIds[ingestion];
    const upTo = await this.store.deadLetters.newest();
    const redriven = await this.store.deadLetters.redrive(
      ingestionId === undefined ? {} : { ingestionId },
      upTo,
      MANY,
    );
    expect(redriven).toBe(this.reference.redrive(ingestionId === undefined ? null : ingestion));
  }

  /** The process is killed. Only a store that one process has to itself knows that its dispatches are given up. */
  private async restart(): Promise<void> {
    this.store = await this.store.reopen();
    if (this.isLeaseOfProcess) {
      for (const flight of this.reference.inFlight.values()) {
        flight.leaseEndsMs = 0;
      }
    }
  }

  private giveBack(dispatch: Dispatch): void {
    for (const item of this.end(dispatch)) {
      this.reference.wait(item);
    }
  }

  private end(dispatch: Dispatch): readonly Item[] {
    const items = this.reference.inFlight.get(dispatch.dispatchNo)?.items ?? [];
    this.reference.inFlight.delete(dispatch.dispatchNo);
    this.held.splice(this.held.indexOf(dispatch), 1);
    this.ended.push(dispatch);
    return items;
  }

  private async compareIngestion(ingestion: number): Promise<void> {
    const items = this.reference.items.filter((item) => item.ingestion === ingestion);
    const snapshot = await this.store.ingestions.find(this.ingestionIds[ingestion] ?? '');
    expect(snapshot?.head).toMatchObject({
      total: items.length,
      taken: items.filter(({ state }) => state !== 'new').length,
      completed: count(items, 'completed'),
      failed: count(items, 'failed'),
    });
    const batches = Array.from({ length: this.reference.batches.get(ingestion) ?? 0 }, (_, batch) =>
      items.filter((item) => item.batch === batch),
    );
    expect(snapshot?.begun.map(({ error, ...batch }) => ({ ...batch, hasError: error !== null }))).toEqual(
      batches.map((batch) => ({
        first: batch[0]?.position,
        size: batch.length,
        completed: count(batch, 'completed'),
        failed: count(batch, 'failed'),
        hasError: count(batch, 'failed') > 0,
      })),
    );
  }

  private idOf({ ingestion }: Item): string {
    return this.ingestionIds[ingestion] ?? '';
  }
}

function toIngestion({ priority, size, key }: List): NewIngestion {
  const idempotency =
    key === null
      ? undefined
      : {
          key: Buffer.from([key]),
          content: Buffer.from(String(size)),
          windowMs: WINDOW_QUANTA * QUANTUM_MS,
        };
  return newIngestion(
    priority,
    Array.from({ length: size }, (_, i) => i + 1),
    idempotency,
  );
}

function toOutcome(ending: Ending): Outcome {
  if (ending === 'completed') {
    return COMPLETED;
  }
  return ending === 'failed' ? failed() : retryIn(ending.retryInQuanta * QUANTUM_MS);
}

function pick<T>(from: readonly T[], which: number): T | undefined {
  return from[which % from.length];
}

function count(items: readonly Item[], state: Item['state']): number {
  return items.filter((item) => item.state === state).length;
}

/** Real time passes beside the story's, and a restarted gate waits a little longer: what is far less than a quantum. */
function expectMs(claim: Claim, kind: Claim['kind'], ms: number | null): void {
  expect(claim.kind).toBe(kind);
  const given =
    claim.kind === 'slot_closed' ? claim.opensInMs : claim.kind === 'nothing_due' ? claim.dueInMs : null;
  if (ms === null || given === null) {
    expect(given).toBe(ms);
  } else {
    expect(Math.abs(given - ms)).toBeLessThan(QUANTUM_MS / 2);
  }
}
