import type { Logger } from '@nestjs/common';
import type { Dispatch } from '../../domain/dispatch.js';
import type { Runtime } from '../../domain/runtime.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import type { LaneOptions } from '../lanes/lane.options.js';
import type { QueueRepository } from '../queue/queue.repository.js';
import type { SchedulerOptions } from '../scheduler.options.js';
import { LaneHold } from './lane-hold.js';
import { RetryPolicy, type RetryOptions } from './retry-policy.js';
import type { WindowTimers } from '../pacing/window-timers.js';
import { SettlementGroup, type OwnSettlement } from './settlement-group.js';

/** The providers and the group of outcomes that all lanes share. */
interface LaneDispatchesDependencies {
  readonly repository: QueueRepository;
  readonly timers: WindowTimers;
  /** Records the outcomes of lanes with a delay. */
  readonly paced: SettlementGroup;
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
  readonly hold: LaneHold;
  readonly unrecorded: FailureLog;
  private readonly paced: SettlementGroup;
  /** Records the outcomes of this lane while it has no delay. */
  private readonly unpaced: SettlementGroup;
  /** The ids of the dispatches whose outcome is not written yet: a written one is still running until it is durable. */
  private readonly unwritten = new Set<string>();

  constructor(
    private readonly lane: LaneOptions,
    { repository, paced, timers, runtime, logger, scheduler, onHold }: LaneDispatchesDependencies,
  ) {
    this.paced = paced;
    this.unpaced = new SettlementGroup(repository, runtime, timers);
    this.retryPolicy = new RetryPolicy(toRetryOptions(lane, scheduler), runtime);
    this.hold = new LaneHold(lane, repository, runtime, logger, onHold);
    this.unrecorded = new FailureLog(runtime, logger, 'error', 'outcomes not recorded', { lane: lane.name });
  }

  /** The number of dispatches that may begin beside those in flight. */
  get freePlaces(): number {
    return Math.max(0, this.lane.maxInFlight - this.unwritten.size);
  }

  /**
   * Records outcomes, see {@link SettlementGroup.record}. Those of a lane with a delay wait for those of other lanes, unless
   * its next dispatch needs the place.
   */
  record(settlement: OwnSettlement, onWritten: () => void): Promise<boolean> {
    return this.lane.batchDelayMs === 0
      ? this.unpaced.record(settlement, onWritten, 'turn')
      : this.paced.record(settlement, onWritten, this.freePlaces === 0 ? 'nothing' : 'time');
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
