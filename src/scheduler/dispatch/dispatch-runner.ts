import { Injectable, Logger } from '@nestjs/common';
import type { UpstreamCall } from '../../external-api/external-api.js';
import type { Labels } from '../../domain/labels.js';
import { unpackBigIntIds } from '../../domain/packed-ids.js';
import type { IdResult } from './match-results.js';
import { sizeOf, type Dispatch, type Outcome } from '../../domain/dispatch.js';
import { SendPermit } from './send-permit.js';
import { dueTogether, toCallKeys } from './call-keys.js';
import { describeDispatch, describeOutcomes, dispatchLogLine } from './dispatch-log.js';
import { EventLoopBudget } from './event-loop-budget.js';
import { UpstreamCaller, type CallResult } from './upstream-caller.js';
import { countOutcomes } from '../../domain/outcome-counts.js';
import { Runtime } from '../../domain/runtime.js';
import type { Lane } from '../lanes/lane.js';
import { PriorityQueue } from '../queue/priority-queue.js';
import { QueueRepository } from '../queue/queue.repository.js';
import { SchedulerOptions } from '../scheduler.options.js';
import { DispatchEvents } from './dispatch-events.js';
import { LaneDispatches, type RunningDispatch } from './lane-dispatches.js';
import type { CallLimits } from './lane-hold.js';
import { WindowTimers } from '../pacing/window-timers.js';
import { SettlementGroup } from './settlement-group.js';

const RECORD_RETRY_INTERVAL_MS = 500;
/** The commits of outcomes that a shared store gets at once: one that waits for a lock holds up only its own lanes. */
const MAX_SHARED_COMMITS = 4;

/** Runs claimed dispatches of all lanes: calls the upstream, decides an outcome for each id, and records the outcomes. */
@Injectable()
export class DispatchRunner {
  private readonly logger = new Logger('Dispatch');
  private readonly lanes = new Map<string, LaneDispatches>();
  private readonly stop = new AbortController();
  /** Records the outcomes of lanes with a delay. */
  private readonly paced: SettlementGroup;
  private leasesRenewedAtMs: number;

  constructor(
    private readonly repository: QueueRepository,
    private readonly queue: PriorityQueue,
    private readonly caller: UpstreamCaller,
    private readonly events: DispatchEvents,
    private readonly options: SchedulerOptions,
    private readonly eventLoop: EventLoopBudget,
    private readonly timers: WindowTimers,
    private readonly runtime: Runtime,
  ) {
    this.leasesRenewedAtMs = runtime.monotonicMs();
    const maxCommits = repository.sharing.isShared ? MAX_SHARED_COMMITS : 1;
    this.paced = new SettlementGroup(repository, runtime, timers, maxCommits);
  }

  /** Returns true if the lane has its maximum number of dispatches in flight. */
  isAtCapacity(lane: Lane): boolean {
    return this.stateOf(lane).freePlaces === 0;
  }

  /** Returns how many more dispatches of the lane may leave: by those in flight, and by what its upstream accepts. */
  roomIn(lane: Lane): number {
    const { freePlaces, hold } = this.stateOf(lane);
    return Math.min(freePlaces, hold.dispatchesLeft);
  }

  /** Returns the time until the upstream of the lane accepts calls again, in ms; null while it accepts some. */
  acceptsInMs(lane: Lane): number | null {
    return this.stateOf(lane).hold.acceptsInMs;
  }

  /**
   * Starts the call before it returns. Resolves when the dispatch has ended in any way; never rejects. Calls `onFree` when
   * another dispatch may take its place: its outcome is written then, but need not be durable. The claim of the other one
   * becomes durable with it.
   */
  run(lane: Lane, dispatch: Dispatch, onFree: () => void): Promise<void> {
    const ofLane = this.stateOf(lane);
    const { running, hold } = ofLane;
    const { dispatchId } = dispatch;
    const free = ofLane.takePlace(dispatchId, onFree);
    const ids = dispatch.parts.flatMap((part) => unpackBigIntIds(part.packedIds));
    const sendPermit = new SendPermit(this.queue, dispatch);
    const { beforeSend, onSent } = sendPermit;
    const limits = hold.follow(dispatch);
    const result = lane.breaker.execute(async () => {
      const asksForEach = this.queue.asksForEachCall(lane.name);
      const call = {
        dispatchId,
        keys: toCallKeys(dispatch),
        ids,
        beforeSend,
        onSent,
        onLimit: limits.onLimit,
        ...labelsOf(dispatch),
        ...(asksForEach && { asksForEach }),
      };
      const callResult = await this.caller.call(lane, call, this.stop.signal);
      return sendPermit.refusal === null ? callResult : null;
    });
    if (Logger.isLevelEnabled('log')) {
      this.logger.log(describeDispatch(dispatch, ids));
    }
    const ingestionIds = dispatch.parts.map((part) => part.ingestionId);
    this.events.emitChanged(ingestionIds);
    const ended = this.finish(lane, dispatch, result, sendPermit, limits, free).finally(() => {
      running.delete(dispatchId);
      free();
      this.events.emitChanged(ingestionIds);
    });
    running.set(dispatchId, { dispatch, ended });
    return ended;
  }

  /** Renews the leases of all dispatches in flight, a few times within a lease. */
  async renewLeases(): Promise<void> {
    const nowMs = this.runtime.monotonicMs();
    const running = this.allRunning();
    if (running.length > 0 && nowMs - this.leasesRenewedAtMs >= this.options.leaseMs / 4) {
      const { leaseMs } = this.options;
      const renewed = await this.repository.renewLeases(
        running.map(({ dispatch }) => dispatch),
        leaseMs,
      );
      this.queue.recordRenewal(renewed, nowMs, leaseMs);
      this.leasesRenewedAtMs = nowMs;
    }
  }

  /** Waits for the calls in flight, for the grace period at most, and releases the dispatches that have not ended. */
  async drain(): Promise<void> {
    const grace = this.runtime.setTimeout(() => {
      this.stop.abort(new Error('the gate is stopping'));
    }, this.options.shutdownGraceMs);
    await Promise.all(this.allRunning().map(({ ended }) => ended));
    this.runtime.clearTimeout(grace);
  }

  private allRunning(): RunningDispatch[] {
    return [...this.lanes.values()].flatMap(({ running }) => [...running.values()]);
  }

  private stateOf(lane: Lane): LaneDispatches {
    let state = this.lanes.get(lane.name);
    if (state === undefined) {
      state = new LaneDispatches(lane.options, {
        repository: this.repository,
        timers: this.timers,
        paced: this.paced,
        runtime: this.runtime,
        logger: this.logger,
        scheduler: this.options,
        onHold: (forMs) => {
          this.queue.recordHold(lane.name, forMs);
        },
      });
      this.lanes.set(lane.name, state);
    }
    return state;
  }

  private async finish(
    lane: Lane,
    dispatch: Dispatch,
    call: Promise<CallResult | null>,
    sendPermit: SendPermit,
    limits: CallLimits,
    onWritten: () => void,
  ): Promise<void> {
    const startedMs = this.runtime.monotonicMs();
    try {
      const result = await call.catch(() => null);
      limits.over();
      const callMs = this.runtime.monotonicMs() - startedMs;
      await this.eventLoop.yieldIfSpent();
      if (result === null) {
        await this.release(lane, dispatch, sendPermit);
        // A call that the stop has cut off may have left.
        await this.queue.recordEnd(dispatch, this.stop.signal.aborted ? 0 : sizeOf(dispatch));
      } else {
        await this.queue.recordEnd(dispatch, result.results.filter(isUnsent).length);
        await limits.ended(result); // before the ids return to the queue
        const outcomes = this.decide(lane, dispatch, result.results);
        await this.settle(lane, dispatch, outcomes, callMs, onWritten);
      }
    } catch (error) {
      this.logger.error(
        dispatchLogLine(dispatch, `: not recorded before the stop, its ids are sent again: ${String(error)}`),
      );
    }
  }

  private async settle(
    lane: Lane,
    dispatch: Dispatch,
    outcomes: readonly Outcome[],
    callMs: number,
    onWritten: () => void,
  ): Promise<void> {
    if (await this.record(lane, dispatch, outcomes, onWritten)) {
      const settled = { lane: lane.name, ids: outcomes.length, ...countOutcomes(outcomes), callMs };
      lane.callStatistics.add(settled);
      lane.lastError.add(outcomes, this.runtime.wallMs());
      this.events.emitSettled(settled);
      if (Logger.isLevelEnabled('log')) {
        this.logger.log(describeOutcomes(dispatch, outcomes));
      }
    } else {
      this.logger.warn(dispatchLogLine(dispatch, ': taken over meanwhile; its late outcome is dropped'));
    }
  }

  private decide(lane: Lane, dispatch: Dispatch, results: readonly IdResult[]): Outcome[] {
    const { retryPolicy } = this.stateOf(lane);
    const failures = dispatch.parts.flatMap((part) => new Array<number>(part.size).fill(part.failures));
    const outcomes = results.map((result, i) => retryPolicy.decide(result, failures[i] ?? 0));
    return lane.externalApi.sharesKey ? dueTogether(outcomes) : outcomes;
  }

  /** Records the outcomes, which must not be lost: retries until the store accepts them or the service stops. */
  private record(
    lane: Lane,
    dispatch: Dispatch,
    outcomes: readonly Outcome[],
    onWritten: () => void,
  ): Promise<boolean> {
    const ofLane = this.stateOf(lane);
    return this.untilStored(lane, dispatch, 'outcome not recorded', () =>
      ofLane.record({ dispatch, outcomes }, onWritten),
    );
  }

  private async untilStored(
    lane: Lane,
    { dispatchId }: Dispatch,
    failure: string,
    keep: () => Promise<boolean>,
  ): Promise<boolean> {
    const { unrecorded } = this.stateOf(lane);
    for (;;) {
      try {
        const isKept = await keep();
        unrecorded.succeeded();
        return isKept;
      } catch (error) {
        unrecorded.failed(() => `dispatch ${dispatchId}: ${failure}: ${String(error)}`, {
          dispatch_id: dispatchId,
        });
        this.stop.signal.throwIfAborted();
        await this.runtime.sleep(RECORD_RETRY_INTERVAL_MS, { signal: this.stop.signal });
      }
    }
  }

  /**
   * Releases the dispatch, with retries as in {@link record}: otherwise its ids would wait for the end of their lease,
   * and later ids would be sent before them.
   */
  private async release(lane: Lane, dispatch: Dispatch, { refusal, isUnsent }: SendPermit): Promise<void> {
    await this.untilStored(lane, dispatch, 'not released', async () => {
      const [isReleased] = await this.repository.release([dispatch], !isUnsent);
      return isReleased === true;
    });
    const cause = this.stop.signal.aborted ? 'cut off by the stop' : (refusal ?? 'its call was not made');
    this.logger.warn(dispatchLogLine(dispatch, `: ${cause}; its ids are sent again`));
  }
}

/** Returns the labels of each id; nothing if no list of the dispatch has any. */
function labelsOf({ parts }: Dispatch): Pick<UpstreamCall, 'labels'> {
  return parts.some(({ labels }) => labels !== undefined)
    ? { labels: parts.flatMap(({ labels = {}, size }) => new Array<Labels>(size).fill(labels)) }
    : {};
}

function isUnsent(result: IdResult): boolean {
  return !result.ok && result.isUnsent === true;
}
