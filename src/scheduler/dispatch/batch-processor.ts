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
import type { Breaker } from './circuit-breaker.js';
import type { Dispatch } from '../../domain/dispatch.js';
import { ofDispatch } from './dispatch-log.js';
import { DispatchRunner } from './dispatch-runner.js';
import type { Claim } from '../queue/queue.repository.js';
import type { EventLoopBudget } from './event-loop-budget.js';
import { PriorityQueue } from '../queue/priority-queue.js';
import type { RecentPace } from './pace-statistics.js';
import { WakeTimer } from '../pacing/precise-timer.js';

/**
 * Begins dispatches: one after the other as fast as slots open, without waiting for their calls, up to a number in
 * flight. It sleeps until there is cause to look: an arrival, the next slot, the next due retry, a call that ended.
 */
@Injectable()
export class BatchProcessor implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('BatchProcessor');
  private readonly timer = new WakeTimer(() => {
    this.wake();
  });
  private readonly claimFailures: FailureLog;
  private readonly leaseFailures: FailureLog;
  private arrivals: Subscription | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isLooking = false;
  private isLookWanted = false;
  private isStopped = true;

  constructor(
    private readonly queue: PriorityQueue,
    private readonly runner: DispatchRunner,
    private readonly breaker: Breaker,
    private readonly pace: RecentPace,
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
    this.arrivals = this.queue.arrived.subscribe(wakeApart);
    void this.keepUp();
  }

  /** From here on nothing more begins. */
  onModuleDestroy(): void {
    this.isStopped = true;
    this.arrivals?.unsubscribe();
    this.timer.clear();
  }

  /** Lets the calls in flight end, and gives back what did not. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.looking;
    await this.runner.drain();
  }

  /** Called again and again: looks after leases, and at whether there is something to begin. */
  async keepUp(): Promise<void> {
    if (this.isStopped) {
      return;
    }
    try {
      await this.runner.renewLeases();
      for (const dispatchId of await this.queue.takeOverLapsed()) {
        this.logger.warn(ofDispatch({ dispatchId }, ': its lease ran out; its ids are sent again'));
      }
      this.leaseFailures.succeeded();
    } catch (error) {
      this.leaseFailures.failed(() => `leases not looked after, trying again: ${String(error)}`);
    }
    this.wake();
  }

  private wake(): void {
    this.isLookWanted = true;
    if (!this.isLooking) {
      this.looking = this.look();
    }
  }

  private async look(): Promise<void> {
    this.isLooking = true;
    try {
      while (this.takeWish()) {
        await this.beginWhatMayBegin();
      }
    } catch (error) {
      this.pace.interrupted();
      this.claimFailures.failed(() => `no dispatch claimed, trying again: ${String(error)}`);
    } finally {
      this.isLooking = false;
    }
  }

  /** A wake-up that comes while it looks is not lost: it looks once more. */
  private takeWish(): boolean {
    const isWanted = this.isLookWanted;
    this.isLookWanted = false;
    return isWanted;
  }

  private async beginWhatMayBegin(): Promise<void> {
    while (await this.hasRoom()) {
      const { beginsInMs } = this.breaker;
      if (beginsInMs !== 0) {
        this.pace.interrupted();
        this.sleep(beginsInMs);
        return;
      }
      const claim = await this.queue.claim();
      this.claimFailures.succeeded();
      this.pace.claimed(claim);
      if (claim.kind === 'dispatch') {
        await this.beginUnlessStopped(claim.dispatch);
        continue;
      }
      if (claim.kind === 'released') {
        const { dispatchId } = claim;
        const { lane } = this.queue;
        const late = ': committed too late for its slot; its ids were given back';
        this.logger.warn(ofDispatch({ dispatchId, lane }, late));
        continue;
      }
      if (claim.kind === 'slot_closed') {
        this.runner.prepare(claim.opensInMs);
      }
      this.sleep(wakeInMs(claim));
      return;
    }
  }

  private async hasRoom(): Promise<boolean> {
    await this.eventLoop.take();
    return !this.isStopped && !this.isAtCapacity;
  }

  private sleep(delayMs: number | null): void {
    if (delayMs !== null && !this.isStopped) {
      this.timer.set(delayMs);
    }
  }

  /** A stop that came while the claim was on its way finds its dispatch claimed, but not begun. */
  private async beginUnlessStopped(dispatch: Dispatch): Promise<void> {
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
function wakeInMs(claim: Exclude<Claim, { readonly kind: 'dispatch' | 'released' }>): number | null {
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
