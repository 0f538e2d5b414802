import type { Logger } from '@nestjs/common';
import type { Dispatch } from '../../domain/dispatch.js';
import type { Runtime } from '../../domain/runtime.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import type { LaneOptions } from '../lanes/lane.options.js';
import type { QueueRepository } from '../queue/queue.repository.js';
import type { SchedulerOptions } from '../scheduler.options.js';
import { LaneHold } from './lane-hold.js';
import { RetryPolicy, type RetryOptions } from './retry-policy.js';
import { SettlementGroup } from './settlement-group.js';

/** What the dispatches of all lanes share. */
interface LaneDispatchesDependencies {
  readonly repository: QueueRepository;
  readonly runtime: Runtime;
  readonly logger: Logger;
  readonly scheduler: SchedulerOptions;
  /** Called when the upstream asks for a pause of the lane. */
  readonly onHold: (forMs: number) => void;
}

export interface RunningDispatch {
  readonly dispatch: Dispatch;
  readonly ended: Promise<void>;
}

/** Holds the dispatches of one lane whose outcomes are not recorded yet, and the policy that decides the outcomes. */
export class LaneDispatches {
  /** The dispatches by their id. */
  readonly running = new Map<string, RunningDispatch>();
  readonly retryPolicy: RetryPolicy;
  readonly settlements: SettlementGroup;
  readonly hold: LaneHold;
  readonly unrecorded: FailureLog;
  /** The ids of the dispatches whose outcome is not written yet: a written one is still running until it is durable. */
  private readonly unwritten = new Set<string>();

  constructor(
    private readonly lane: LaneOptions,
    { repository, runtime, logger, scheduler, onHold }: LaneDispatchesDependencies,
  ) {
    this.settlements = new SettlementGroup(repository, runtime, () => lane.batchDelayMs === 0);
    this.retryPolicy = new RetryPolicy(toRetryOptions(lane, scheduler), runtime);
    this.hold = new LaneHold(lane, repository, runtime, logger, onHold);
    this.unrecorded = new FailureLog(runtime, logger, 'error', 'outcomes not recorded', { lane: lane.name });
  }

  /** The number of dispatches that may begin beside those in flight. */
  get freePlaces(): number {
    return Math.max(0, this.lane.maxInFlight - this.unwritten.size);
  }

  /** Takes a place for a dispatch. Returns a function that frees it, and that calls `onFree` the first time. */
  takePlace(dispatchId: string, onFree: () => void): () => void {
    this.unwritten.add(dispatchId);
    return () => {
      if (this.unwritten.delete(dispatchId)) {
        onFree();
      }
    };
  }
}

/** Returns the options of retries, which follow the options of the lane. */
function toRetryOptions(lane: LaneOptions, { storesResults }: SchedulerOptions): RetryOptions {
  return {
    get maxAttempts() {
      return lane.maxAttempts;
    },
    get baseMs() {
      return lane.retryBaseMs;
    },
    get maxMs() {
      return lane.retryMaxMs;
    },
    get honorsRetryAfter() {
      return lane.retryAfterMaxMs > 0;
    },
    storesResults,
  };
}
