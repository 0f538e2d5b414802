import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { sizeOf, type Dispatch } from '../../domain/dispatch.js';
import type { Runtime } from '../../domain/runtime.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import type { Lane } from '../lanes/lane.js';
import type { LaneSettings } from '../settings/lane-settings.js';
import type { WindowTimer, WindowTimers } from '../pacing/window-timers.js';
import type { PriorityQueue } from '../queue/priority-queue.js';
import type { ClaimResult } from '../queue/claim-result.js';
import type { QueueRepository } from '../queue/queue.repository.js';
import { dispatchLogLine } from './dispatch-log.js';
import type { DispatchRunner } from './dispatch-runner.js';
import type { EventLoopBudget } from './event-loop-budget.js';

/** Maximum number of dispatches in one claim. More would block the event loop for long, and gain little. */
const MAX_DISPATCHES = 100;
/** Maximum number of ids in one claim of more than one dispatch. */
const MAX_IDS = 5000;

/** The providers that the workers of all lanes share. */
export interface LaneWorkerDependencies {
  readonly queue: PriorityQueue;
  readonly settings: Pick<LaneSettings, 'follow'>;
  readonly repository: QueueRepository;
  readonly runner: DispatchRunner;
  readonly eventLoop: EventLoopBudget;
  readonly timers: WindowTimers;
  readonly runtime: Runtime;
  readonly logger: Logger;
}

/**
 * Starts the dispatches of one lane: one for each slot, without waiting for their calls, up to the maximum in flight. It
 * sleeps until there is a reason to claim: an arrival, the next slot, the next due retry, or the end of a call.
 */
export class LaneWorker {
  private readonly timer: WindowTimer;
  private readonly claimFailures: FailureLog;
  private arrivals: Subscription | undefined;
  private running: Promise<void> = Promise.resolve();
  private isRunning = false;
  /** True if a wake-up was requested, also during a claim: then the worker claims once more. */
  private isWakeRequested = false;
  /** True if the timer has fired early, together with those of other lanes. */
  private isEarly = false;
  private isStopped = true;

  constructor(
    private readonly lane: Lane,
    private readonly shared: LaneWorkerDependencies,
  ) {
    const fields = { lane: lane.name };
    this.timer = shared.timers.create((isEarly) => {
      this.isEarly = isEarly;
      this.wake();
    });
    this.claimFailures = new FailureLog(
      shared.runtime,
      shared.logger,
      'error',
      'no dispatch claimed',
      fields,
    );
  }

  start(): void {
    this.isStopped = false;
    // The worker must not run in the asynchronous context of the request that brought the ids.
    const wakeApart = AsyncLocalStorage.bind(() => {
      this.wake();
    });
    this.arrivals = this.shared.queue.arrivals(this.lane).subscribe(wakeApart);
  }

  /** Starts no further dispatch. */
  stop(): void {
    this.isStopped = true;
    this.arrivals?.unsubscribe();
    this.timer.clear();
  }

  /** Resolves when the run loop has ended. */
  async idle(): Promise<void> {
    await this.running;
  }

  wake(): void {
    this.isWakeRequested = true;
    if (!this.isRunning) {
      this.running = this.run();
    }
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    try {
      while (this.isWakeRequested) {
        const { isEarly } = this;
        this.isWakeRequested = false;
        this.isEarly = false;
        await this.dispatchReady(isEarly);
      }
    } catch (error) {
      this.lane.paceStatistics.reset();
      this.claimFailures.failed(() => `no dispatch claimed, trying again: ${String(error)}`);
    } finally {
      this.isRunning = false;
    }
  }

  private async dispatchReady(isEarly: boolean): Promise<void> {
    const { lane, shared } = this;
    if (shared.queue.scheduledInMs(lane.name) === 0) {
      await this.admitDue();
    }
    for (let room = await this.room(); room > 0; room = await this.room()) {
      const { retryInMs } = lane.breaker;
      if (retryInMs !== 0) {
        lane.paceStatistics.reset();
        this.sleep(retryInMs);
        return;
      }
      const claim = await shared.queue.claim({ lane, maxDispatches: room, isEarly });
      this.claimFailures.succeeded();
      if (claim.kind === 'claimed') {
        await this.startAll(claim.dispatches);
        continue;
      }
      if (claim.kind === 'outdated') {
        await shared.settings.follow(lane);
        continue;
      }
      lane.paceStatistics.recordClaim(claim);
      if (claim.kind === 'slot_closed') {
        lane.externalApi.prepare?.(claim.opensInMs);
      }
      this.sleep(toWakeDelayMs(claim), claim.kind === 'slot_closed' ? claim.maxEarlyMs : 0);
      return;
    }
    this.sleep(shared.runner.acceptsInMs(lane)); // the end of a call wakes the lane, a reset does not
  }

  /** Returns how many dispatches may be claimed at once. A lane with a delay claims one for each slot. */
  private async room(): Promise<number> {
    const { lane, shared } = this;
    const { batchDelayMs, batchSize } = lane.options;
    if (batchDelayMs === 0) {
      await shared.runtime.nextTurn(); // calls that end in the same turn make room for one common claim
    }
    await shared.eventLoop.yieldIfSpent();
    if (this.isStopped) {
      return 0;
    }
    // A breaker that is not closed lets one dispatch probe the upstream.
    const most = lane.breaker.status().state === 'closed' ? MAX_DISPATCHES : 1;
    return Math.min(shared.runner.roomIn(lane), most, Math.max(1, Math.floor(MAX_IDS / batchSize)));
  }

  private sleep(delayMs: number | null, maxEarlyMs = 0): void {
    const scheduledInMs = this.shared.queue.scheduledInMs(this.lane.name);
    const delays = [delayMs, scheduledInMs].filter((each) => each !== null);
    if (delays.length > 0 && !this.isStopped) {
      this.timer.set(Math.min(...delays), scheduledInMs === null ? maxEarlyMs : 0);
    }
  }

  /** Admits scheduled lists that are due, whatever keeps the lane from dispatching; one step, then others get their turn. */
  private async admitDue(): Promise<void> {
    const { lane, shared } = this;
    if (!this.isStopped) {
      await shared.queue.admitDue(lane.options);
    }
  }

  /**
   * Starts the dispatches of one claim. One that cannot start holds up none of the others, which would wait for the end of
   * their leases.
   * @throws the error of the first one that could not start, after all others have started
   */
  private async startAll(dispatches: readonly Dispatch[]): Promise<void> {
    const errors: unknown[] = [];
    for (const dispatch of dispatches) {
      await this.shared.eventLoop.yieldIfSpent();
      try {
        await this.startDispatch(dispatch);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) {
      throw errors[0];
    }
  }

  /** Starts the call of a claimed dispatch in time for its slot. It is not started if it is late or the worker was stopped. */
  private async startDispatch(dispatch: Dispatch): Promise<void> {
    const { lane, shared } = this;
    if (!(await shared.queue.awaitStart(dispatch))) {
      lane.paceStatistics.recordClaim({ kind: 'released' });
      const late = ': committed too late for its slot; its ids were given back';
      shared.logger.warn(dispatchLogLine(dispatch, late));
      return;
    }
    lane.paceStatistics.recordClaim({ kind: 'dispatch' });
    if (this.isStopped) {
      await shared.repository.release([dispatch], false);
      await shared.queue.recordEnd(dispatch, sizeOf(dispatch));
      return;
    }
    void shared.runner.run(lane, dispatch, () => {
      this.wake();
    });
  }
}

/** Returns the time until the next claim; null if only an arrival or the interval can cause one. */
function toWakeDelayMs(
  claim: Exclude<ClaimResult, { readonly kind: 'claimed' | 'outdated' }>,
): number | null {
  switch (claim.kind) {
    case 'slot_closed':
    case 'held':
    case 'filling':
      return claim.opensInMs;
    case 'nothing_due':
      return claim.dueInMs;
    case 'paused':
      return null;
  }
}
