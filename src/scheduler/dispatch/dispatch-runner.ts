import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { unpackBigIntIds } from '../../domain/packed-ids.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import type { IdResult } from './match-results.js';
import type { CircuitBreaker } from '../lanes/circuit-breaker.js';
import type { Dispatch, Outcome } from '../../domain/dispatch.js';
import { SendPermit } from './send-permit.js';
import { describeDispatch, describeOutcomes, dispatchLogLine } from './dispatch-log.js';
import type { EventLoopBudget } from './event-loop-budget.js';
import type { CallResult, UpstreamCaller } from './upstream-caller.js';
import { countOutcomes } from '../../domain/outcome-counts.js';
import type { PriorityQueue } from '../queue/priority-queue.js';
import type { DispatchEvents } from './dispatch-events.js';
import type { RetryPolicy } from './retry-policy.js';

const RECORD_RETRY_INTERVAL_MS = 500;

export interface DispatchRunnerOptions {
  /** How long calls in flight may still take when the gate stops. */
  readonly graceMs: number;
  readonly leaseMs: number;
  /** The longest that an upstream is left alone which asks for it. */
  readonly maxHoldMs: number;
}

interface RunningDispatch {
  readonly dispatch: Dispatch;
  readonly ended: Promise<void>;
}

/** Runs claimed dispatches to their end: call, outcome for each id, record. */
@Injectable()
export class DispatchRunner {
  private readonly logger = new Logger('Dispatch');
  private readonly unrecorded: FailureLog;
  /** By dispatch id. */
  private readonly running = new Map<string, RunningDispatch>();
  private readonly stop = new AbortController();
  private leasesRenewedAtMs = performance.now();

  constructor(
    private readonly queue: PriorityQueue,
    private readonly caller: UpstreamCaller,
    private readonly circuitBreaker: CircuitBreaker,
    private readonly retryPolicy: RetryPolicy,
    private readonly events: DispatchEvents,
    private readonly options: DispatchRunnerOptions,
    private readonly eventLoop: EventLoopBudget,
  ) {
    this.unrecorded = new FailureLog(this.logger, 'error', 'outcomes not recorded', { lane: queue.lane });
  }

  /** Dispatches whose outcome is not recorded yet. */
  get inFlight(): number {
    return this.running.size;
  }

  /** Resolves when the dispatch has ended, however it did; never rejects. The call begins before this returns. */
  run(dispatch: Dispatch): Promise<void> {
    const ids = dispatch.parts.flatMap((part) => unpackBigIntIds(part.packedIds));
    const sendPermit = new SendPermit(this.queue, dispatch);
    const { beforeSend, onSent } = sendPermit;
    const result = this.circuitBreaker.execute(async () => {
      const call = { dispatchId: dispatch.dispatchId, ids, beforeSend: beforeSend, onSent: onSent };
      const result = await this.caller.call(call, this.stop.signal);
      return sendPermit.refusal === null ? result : null;
    });
    if (Logger.isLevelEnabled('log')) {
      this.logger.log(describeDispatch(dispatch, ids));
    }
    const ingestionIds = dispatch.parts.map((part) => part.ingestionId);
    this.events.emitChanged(ingestionIds);
    const ended = this.finish(dispatch, result, sendPermit).finally(() => {
      this.running.delete(dispatch.dispatchId);
      this.events.emitChanged(ingestionIds);
    });
    this.running.set(dispatch.dispatchId, { dispatch, ended });
    return ended;
  }

  /** The next dispatch may begin in `inMs`. */
  prepare(inMs: number): void {
    this.caller.prepare(inMs);
  }

  /** Prolongs the leases of all that is in flight, a few times within a lease. */
  async renewLeases(): Promise<void> {
    const nowMs = performance.now();
    if (this.inFlight > 0 && nowMs - this.leasesRenewedAtMs >= this.options.leaseMs / 4) {
      await this.queue.renewLeases([...this.running.values()].map(({ dispatch }) => dispatch));
      this.leasesRenewedAtMs = nowMs;
    }
  }

  /** Waits for the calls in flight, for `graceMs` at the most; what has not ended then is released. */
  async drain(): Promise<void> {
    const grace = setTimeout(() => {
      this.stop.abort(new Error('the gate is stopping'));
    }, this.options.graceMs);
    await Promise.all([...this.running.values()].map(({ ended }) => ended));
    clearTimeout(grace);
  }

  private async finish(
    dispatch: Dispatch,
    call: Promise<CallResult | null>,
    sendPermit: SendPermit,
  ): Promise<void> {
    const startedMs = performance.now();
    try {
      const result = await call.catch(() => null);
      const callMs = performance.now() - startedMs;
      await this.eventLoop.yieldIfSpent();
      if (result === null) {
        await this.release(dispatch, sendPermit);
      } else {
        await this.holdLane(dispatch, result.holdMs);
        await this.settle(dispatch, this.decide(dispatch, result.results), callMs);
      }
    } catch (error) {
      this.logger.error(
        dispatchLogLine(dispatch, `: not recorded before the stop, its ids are sent again: ${String(error)}`),
      );
    }
  }

  /** Before its ids are back in the queue. Where the store cannot do it, they are only early. */
  private async holdLane(dispatch: Dispatch, wantedMs: number): Promise<void> {
    const holdMs = Math.min(wantedMs, this.options.maxHoldMs);
    if (holdMs === 0) {
      return;
    }
    const wish = `: the upstream asks to wait ${String(Math.ceil(wantedMs / 1000))} s`;
    try {
      await this.queue.holdLane(holdMs);
      const held = `${wish}; nothing is sent for ${String(Math.ceil(holdMs / 1000))} s`;
      this.logger.warn(dispatchLogLine(dispatch, held));
    } catch (error) {
      const lost = `${wish}, which the store does not keep: ${String(error)}`;
      this.logger.error(dispatchLogLine(dispatch, lost));
    }
  }

  private async settle(dispatch: Dispatch, outcomes: readonly Outcome[], callMs: number): Promise<void> {
    if (await this.record(dispatch, outcomes)) {
      this.events.emitSettled({
        lane: this.queue.lane,
        ids: outcomes.length,
        ...countOutcomes(outcomes),
        callMs,
      });
      if (Logger.isLevelEnabled('log')) {
        this.logger.log(describeOutcomes(dispatch, outcomes));
      }
    } else {
      this.logger.warn(dispatchLogLine(dispatch, ': taken over meanwhile; its late outcome is dropped'));
    }
  }

  private decide(dispatch: Dispatch, results: readonly IdResult[]): Outcome[] {
    const failures = dispatch.parts.flatMap((part) => new Array<number>(part.size).fill(part.failures));
    return results.map((result, i) => this.retryPolicy.decide(result, failures[i] ?? 0));
  }

  /** The outcome is known and must not be lost: tries until the store takes it, or the gate stops. */
  private record(dispatch: Dispatch, outcomes: readonly Outcome[]): Promise<boolean> {
    return this.untilStored(dispatch, 'outcome not recorded', () => this.queue.settle(dispatch, outcomes));
  }

  private async untilStored(
    { dispatchId }: Dispatch,
    failure: string,
    keep: () => Promise<boolean>,
  ): Promise<boolean> {
    for (;;) {
      try {
        const isKept = await keep();
        this.unrecorded.succeeded();
        return isKept;
      } catch (error) {
        this.unrecorded.failed(() => `dispatch ${dispatchId}: ${failure}: ${String(error)}`, {
          dispatch_id: dispatchId,
        });
        this.stop.signal.throwIfAborted();
        await sleep(RECORD_RETRY_INTERVAL_MS, undefined, { signal: this.stop.signal });
      }
    }
  }

  /** Tries as {@link record} does: its ids would else wait for the end of their lease, and later ones go before them. */
  private async release(dispatch: Dispatch, { refusal }: SendPermit): Promise<void> {
    await this.untilStored(dispatch, 'not released', () => this.queue.release(dispatch));
    const cause = this.stop.signal.aborted ? 'cut off by the stop' : (refusal ?? 'its call was not made');
    this.logger.warn(dispatchLogLine(dispatch, `: ${cause}; its ids are sent again`));
  }
}
