import { AsyncLocalStorage } from 'node:async_hooks';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { FailureLog } from '../../platform/logging/failure-log.js';
import type { CircuitBreaker } from '../lanes/circuit-breaker.js';
import type { Dispatch } from '../../domain/dispatch.js';
import { dispatchLogLine } from './dispatch-log.js';
import { DispatchRunner } from './dispatch-runner.js';
import type { ClaimResult } from '../queue/queue.repository.js';
import type { EventLoopBudget } from './event-loop-budget.js';
import { PriorityQueue } from '../queue/priority-queue.js';
import type { PaceStatistics } from '../lanes/pace-statistics.js';
import { PreciseTimer } from '../pacing/precise-timer.js';

/**
 * Begins dispatches: one after the other as fast as slots open, without waiting for their calls, up to a number in
 * flight. It sleeps until there is cause to look: an arrival, the next slot, the next due retry, a call that ended.
 */
@Injectable()
export class BatchProcessor implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('BatchProcessor');
  private readonly timer = new PreciseTimer(() => {
    this.wake();
  });
  private readonly claimFailures: FailureLog;
  private readonly leaseFailures: FailureLog;
  private arrivals: Subscription | undefined;
  private running: Promise<void> = Promise.resolve();
  private isRunning = false;
  private isWakeRequested = false;
  private isStopped = true;

  constructor(
    private readonly queue: PriorityQueue,
    private readonly runner: DispatchRunner,
    private readonly circuitBreaker: CircuitBreaker,
    private readonly pace: PaceStatistics,
    private readonly maxInFlight: number,
    private readonly eventLoop: EventLoopBudget,
  ) {
    const fields = { lane: queue.lane };
    this.claimFailures = new FailureLog(this.logger, 'error', 'no dispatch claimed', fields);
    this.leaseFailures = new FailureLog(this.logger, 'error', 'leases not looked after', fields);
  }

  /** As many calls run as may run at once: the next dispatch begins when one of them ends. */
  get isAtCapacity(): boolean {
    return this.runner.inFlight >= this.maxInFlight;
  }

  onApplicationBootstrap(): void {
    this.isStopped = false;
    // The arrival is a request's; what it wakes is not.
    const wakeApart = AsyncLocalStorage.bind(() => {
      this.wake();
    });
    this.arrivals = this.queue.arrival.subscribe(wakeApart);
    void this.tick();
  }

  /** From here on nothing more begins. */
  onModuleDestroy(): void {
    this.isStopped = true;
    this.arrivals?.unsubscribe();
    this.timer.clear();
  }

  /** Lets the calls in flight end, and gives back what did not. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.running;
    await this.runner.drain();
  }

  /** Called again and again: looks after leases, and at whether there is something to begin. */
  async tick(): Promise<void> {
    if (this.isStopped) {
      return;
    }
    try {
      await this.runner.renewLeases();
      for (const dispatchId of await this.queue.reclaimExpired()) {
        this.logger.warn(dispatchLogLine({ dispatchId }, ': its lease ran out; its ids are sent again'));
      }
      this.leaseFailures.succeeded();
    } catch (error) {
      this.leaseFailures.failed(() => `leases not looked after, trying again: ${String(error)}`);
    }
    this.wake();
  }

  private wake(): void {
    this.isWakeRequested = true;
    if (!this.isRunning) {
      this.running = this.run();
    }
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    try {
      while (this.consumeWakeRequest()) {
        await this.dispatchReady();
      }
    } catch (error) {
      this.pace.reset();
      this.claimFailures.failed(() => `no dispatch claimed, trying again: ${String(error)}`);
    } finally {
      this.isRunning = false;
    }
  }

  /** A wake-up that comes while it looks is not lost: it looks once more. */
  private consumeWakeRequest(): boolean {
    const isWanted = this.isWakeRequested;
    this.isWakeRequested = false;
    return isWanted;
  }

  private async dispatchReady(): Promise<void> {
    while (await this.hasRoom()) {
      const { retryInMs } = this.circuitBreaker;
      if (retryInMs !== 0) {
        this.pace.reset();
        this.sleep(retryInMs);
        return;
      }
      const claim = await this.queue.claim();
      this.claimFailures.succeeded();
      this.pace.recordClaim(claim);
      if (claim.kind === 'dispatch') {
        await this.startUnlessStopped(claim.dispatch);
        continue;
      }
      if (claim.kind === 'released') {
        const { dispatchId } = claim;
        const { lane } = this.queue;
        const late = ': committed too late for its slot; its ids were given back';
        this.logger.warn(dispatchLogLine({ dispatchId, lane }, late));
        continue;
      }
      if (claim.kind === 'slot_closed') {
        this.runner.prepare(claim.opensInMs);
      }
      this.sleep(toWakeDelayMs(claim));
      return;
    }
  }

  private async hasRoom(): Promise<boolean> {
    await this.eventLoop.yieldIfSpent();
    return !this.isStopped && !this.isAtCapacity;
  }

  private sleep(delayMs: number | null): void {
    if (delayMs !== null && !this.isStopped) {
      this.timer.set(delayMs);
    }
  }

  /** A stop that came while the claim was on its way finds its dispatch claimed, but not begun. */
  private async startUnlessStopped(dispatch: Dispatch): Promise<void> {
    if (this.isStopped) {
      await this.queue.release(dispatch);
      return;
    }
    void this.runner.run(dispatch).then(() => {
      this.wake();
    });
  }
}

/** When there is cause to look again; null where an arrival, or the interval, has to say so. */
function toWakeDelayMs(
  claim: Exclude<ClaimResult, { readonly kind: 'dispatch' | 'released' }>,
): number | null {
  switch (claim.kind) {
    case 'slot_closed':
    case 'held':
      return claim.opensInMs;
    case 'nothing_due':
      return claim.dueInMs;
    case 'paused':
      return null;
  }
}
