import { Test } from '@nestjs/testing';
import { Subject } from 'rxjs';
import {
  UpstreamCallError,
  ExternalApi,
  type UpstreamResult,
  type UpstreamCallErrorOptions,
  type UpstreamCall,
} from '../../src/external-api/external-api.js';
import { packIds } from '../../src/domain/packed-ids.js';
import { BatchProcessor } from '../../src/scheduler/dispatch/batch-processor.js';
import type { ClaimedDispatch, Dispatch, Outcome } from '../../src/domain/dispatch.js';
import { DispatchRunner } from '../../src/scheduler/dispatch/dispatch-runner.js';
import {
  QueueRepository,
  type Candidate,
  type CommittedClaim,
  type GateReading,
  type QueueHead,
  type Settlement,
} from '../../src/scheduler/queue/queue.repository.js';
import type { ClaimResult } from '../../src/scheduler/queue/claim-result.js';
import { WindowTimers } from '../../src/scheduler/pacing/window-timers.js';
import { EventLoopBudget } from '../../src/scheduler/dispatch/event-loop-budget.js';
import { UpstreamCaller } from '../../src/scheduler/dispatch/upstream-caller.js';
import type { ClaimRequest } from '../../src/scheduler/queue/claimed-lane.js';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import { DispatchEvents } from '../../src/scheduler/dispatch/dispatch-events.js';
import { Clock } from '../../src/domain/clock.js';
import { Runtime } from '../../src/domain/runtime.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { SeededRuntime } from './seeded-runtime.js';
import { ExternalApiRegistry } from '../../src/external-api/external-api.registry.js';
import { UpstreamInstrumentation } from '../../src/external-api/upstream-instrumentation.js';
import { LaneRegistry } from '../../src/scheduler/lanes/lane-registry.js';
import { LaneSettings } from '../../src/scheduler/settings/lane-settings.js';
import { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import type { SingleClaim } from './claims.js';
import { MemoryDepartureLog } from './memory-departure-log.js';
import { schedulerOptions } from './options.js';

export const GRACE_MS = 10_000;
export const HOUR_MS = 3_600_000;
export const COOLDOWN_MS = 30_000;
export const LEASE_MS = 60_000;
export const RETRY_BASE_MS = 2000;
const VARIABLES = {
  BATCH_SIZE: '1',
  BATCH_DELAY: '0',
  MAX_IN_FLIGHT: '3',
  BREAKER_THRESHOLD: '2',
  BREAKER_COOLDOWN: String(COOLDOWN_MS / 1000),
  DISPATCH_LEASE: String(LEASE_MS / 1000),
  EXTERNAL_API_TIMEOUT: '60',
  RETRY_BASE: String(RETRY_BASE_MS / 1000),
  RETRY_AFTER_MAX: String(HOUR_MS / 1000),
  RESULTS: 'off',
  SHUTDOWN_GRACE: String(GRACE_MS / 1000),
};
export const NOTHING: SingleClaim = { kind: 'nothing_due', dueInMs: null };

/** A store that records calls. Its claims are those of {@link ScriptedQueue}. */
export class ScriptedStore extends QueueRepository {
  override readonly arrivals = new Subject<void>();
  override readonly sharing = { isShared: false, restartMarginMs: 0 };
  override readonly departures = new MemoryDepartureLog(new SystemRuntime());
  readonly left: number[] = [];
  readonly holds: number[] = [];
  holdFails = false;
  mayLeaveNext = true;
  readonly claims: (SingleClaim | Error | Promise<SingleClaim>)[] = [];
  readonly settled = new Map<number, readonly Outcome[]>();
  readonly released: number[] = [];
  readonly renewed: number[] = [];
  readonly lapsed: string[] = [];
  /** What is settled is durable when this resolves. */
  durable: Promise<void> = Promise.resolve();
  failures = 0;
  asked = 0;
  /** The most dispatches that each claim asked for. */
  readonly rooms: number[] = [];

  override readHeads(): readonly QueueHead[] {
    throw new Error('claims are scripted');
  }

  override readRepeated(): readonly Candidate[] {
    return [];
  }

  override async commitClaims(): Promise<readonly (CommittedClaim | null)[]> {
    throw new Error('claims are scripted');
  }

  override async admitDue(): Promise<number | null> {
    return null;
  }

  override async nextDueInMs(): Promise<number | null> {
    return null;
  }

  override async readGate(): Promise<GateReading> {
    throw new Error('claims are scripted');
  }

  override async takeSlot(): Promise<number | null> {
    return null;
  }

  override publishLateSend(): boolean {
    return true; // no other process counts from it
  }

  override abandon({ dispatchNo }: ClaimedDispatch): void {
    this.released.push(dispatchNo);
  }

  override async limitCalls(): Promise<void> {
    // No other process counts calls.
  }

  override async holdLane(_: string, forMs: number): Promise<void> {
    if (this.holdFails) {
      throw new Error('the store is away');
    }
    this.holds.push(forMs);
  }

  override async settle(settlements: readonly Settlement[], onWritten?: () => void): Promise<boolean[]> {
    this.failIfAway();
    settlements.forEach(({ dispatch: { dispatchNo }, outcomes }) => {
      this.settled.set(dispatchNo, outcomes);
    });
    onWritten?.();
    await this.durable;
    return settlements.map(() => true);
  }

  override async release(dispatches: readonly ClaimedDispatch[]): Promise<boolean[]> {
    this.failIfAway();
    this.released.push(...dispatches.map(({ dispatchNo }) => dispatchNo));
    return dispatches.map(() => true);
  }

  override async renewLeases(dispatches: readonly ClaimedDispatch[]): Promise<readonly ClaimedDispatch[]> {
    this.renewed.push(...dispatches.map(({ dispatchNo }) => dispatchNo));
    return dispatches;
  }

  override async reclaimExpired(): Promise<string[]> {
    return this.lapsed.splice(0);
  }

  private failIfAway(): void {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the store is away');
    }
  }
}

/** A queue whose claims are those that the test has filled into the store. */
class ScriptedQueue extends PriorityQueue {
  private readonly tooLate = new Set<string>();

  constructor(private readonly store: ScriptedStore) {
    super(store, schedulerOptions(VARIABLES), new SystemRuntime());
  }

  override async claim({ maxDispatches = 1 }: ClaimRequest): Promise<ClaimResult> {
    this.store.asked += 1;
    this.store.rooms.push(maxDispatches);
    const claim = await (this.store.claims.shift() ?? NOTHING);
    if (claim instanceof Error) {
      throw claim;
    }
    if (claim.kind === 'dispatch') {
      return { kind: 'claimed', dispatches: [claim.dispatch] };
    }
    if (claim.kind === 'released') {
      this.tooLate.add(claim.dispatchId);
      const { dispatchId } = claim;
      return { kind: 'claimed', dispatches: [{ lane: 'default', dispatchNo: 0, dispatchId, parts: [] }] };
    }
    return claim;
  }

  override async awaitStart({ dispatchId }: Dispatch): Promise<boolean> {
    return !this.tooLate.has(dispatchId);
  }

  override async awaitSendSlot(): Promise<boolean> {
    return this.store.mayLeaveNext;
  }

  override recordSent({ dispatchNo }: ClaimedDispatch): void {
    this.store.left.push(dispatchNo);
  }
}

/** An upstream whose calls stay in flight until the test ends them. */
export class HeldApi extends ExternalApi {
  override prepare: (inMs: number) => void = () => undefined;
  override readonly description = 'held';
  override readonly sharesKey = false;
  readonly open = new Map<bigint, (ok: boolean) => void>();

  private readonly failures = new Map<bigint, (error: Error) => void>();

  override async process({ ids: [id = 0n], beforeSend }: UpstreamCall): Promise<readonly UpstreamResult[]> {
    await beforeSend?.();
    return new Promise((resolve, reject) => {
      this.failures.set(id, reject);
      this.open.set(id, (ok) => {
        this.open.delete(id);
        resolve([ok ? { id, ok, data: null } : { id, ok, message: 'no', permanent: true }]);
      });
    });
  }

  /** Fails the call for this id. */
  breakNext(id: bigint, options: UpstreamCallErrorOptions = {}): void {
    this.open.delete(id);
    this.failures.get(id)?.(new UpstreamCallError('upstream', 'broken', false, options));
  }

  /** Fails the call for this id with a retry-after time. */
  holdNext(id: bigint, retryAfterMs: number): void {
    this.breakNext(id, { retryAfterMs });
  }
}

/** Returns the result of a claim of one id. */
export function dispatch(dispatchNo: number): SingleClaim {
  const part = {
    ingestionId: '0198c0de-0000-7000-8000-000000000001',
    batchNo: dispatchNo,
    first: dispatchNo,
    size: 1,
    failures: 0,
    packedIds: packIds([dispatchNo]),
  };
  return {
    kind: 'dispatch',
    dispatch: { lane: 'default', dispatchNo, dispatchId: String(dispatchNo), parts: [part] },
  };
}

/** The real scheduler between a scripted store and a held upstream. */
export interface HeldGate {
  readonly store: ScriptedStore;
  readonly api: HeldApi;
  readonly queue: PriorityQueue;
  readonly processor: BatchProcessor;
}

export async function newHeldGate(eventLoop = new EventLoopBudget(new SystemRuntime())): Promise<HeldGate> {
  const store = new ScriptedStore();
  const api = new HeldApi();
  const module = await Test.createTestingModule({
    providers: [
      BatchProcessor,
      LaneRegistry,
      DispatchRunner,
      UpstreamCaller,
      DispatchEvents,
      { provide: EventLoopBudget, useValue: eventLoop },
      WindowTimers,
      { provide: Runtime, useValue: new SeededRuntime() },
      { provide: Clock, useExisting: Runtime },
      { provide: SchedulerOptions, useValue: schedulerOptions(VARIABLES) },
      { provide: ExternalApiRegistry, useValue: { forLane: () => api } },
      { provide: UpstreamInstrumentation, useValue: { instrument: () => api } },
      { provide: QueueRepository, useValue: store },
      { provide: PriorityQueue, useValue: new ScriptedQueue(store) },
      { provide: LaneSettings, useValue: { follow: () => Promise.resolve() } },
    ],
  }).compile();
  return { store, api, queue: module.get(PriorityQueue), processor: module.get(BatchProcessor) };
}
