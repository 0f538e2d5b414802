import { filter } from 'rxjs';
import type { ExternalApi } from '../../external-api/external-api.js';
import type { Clock } from '../../domain/clock.js';
import { BatchProcessor } from './batch-processor.js';
import { Breaker } from './circuit-breaker.js';
import type { DispatchStore } from '../queue/queue.repository.js';
import { DispatchRunner } from './dispatch-runner.js';
import type { EventLoopBudget } from './event-loop-budget.js';
import { ExternalCaller } from './upstream-caller.js';
import type { LaneOptions } from '../lanes/lane.options.js';
import { PriorityQueue } from '../queue/priority-queue.js';
import type { ProgressNews } from './dispatch-events.js';
import { RecentCalls } from './call-statistics.js';
import { RecentPace } from './pace-statistics.js';
import { RetryPolicy } from './retry-policy.js';
import type { SchedulerOptions } from '../scheduler.options.js';

/** What the gates of all lanes share. */
export interface SharedByGates {
  readonly store: DispatchStore;
  readonly news: ProgressNews;
  readonly clock: Clock;
  readonly options: SchedulerOptions;
  readonly eventLoop: EventLoopBudget;
}

/** The gate of a lane: a queue, a processor and a breaker of its own, before an upstream. */
export class LaneGate {
  readonly queue: PriorityQueue;
  readonly breaker: Breaker;
  readonly processor: BatchProcessor;
  readonly recentCalls = new RecentCalls();
  readonly recentPace: RecentPace;

  constructor(
    readonly settings: LaneOptions,
    readonly externalApi: ExternalApi,
    callable: ExternalApi,
    { store, news, clock, options, eventLoop }: SharedByGates,
  ) {
    this.queue = new PriorityQueue(store, {
      lane: settings.name,
      batchSize: settings.batchSize,
      delayMs: settings.batchDelayMs,
      leaseMs: options.leaseMs,
      agingMs: options.agingMs,
      fairShare: options.fairShare,
    });
    this.breaker = new Breaker(
      { threshold: settings.breakerThreshold, cooldownMs: settings.breakerCooldownMs },
      clock,
      settings.name,
    );
    const retryPolicy = new RetryPolicy(
      {
        maxAttempts: settings.maxAttempts,
        baseMs: settings.retryBaseMs,
        maxMs: settings.retryMaxMs,
        heedsRetryAfter: settings.retryAfterMaxMs > 0,
        keepsResults: options.storesResults,
      },
      Math.random,
    );
    const caller = new ExternalCaller(callable, settings.timeoutMs, settings.name);
    const runner = new DispatchRunner(
      this.queue,
      caller,
      this.breaker,
      retryPolicy,
      news,
      {
        graceMs: options.shutdownGraceMs,
        leaseMs: options.leaseMs,
        longestHoldMs: settings.retryAfterMaxMs,
      },
      eventLoop,
    );
    news.ofEnded.pipe(filter(({ lane }) => lane === settings.name)).subscribe((dispatch) => {
      this.recentCalls.add(dispatch);
    });
    this.recentPace = new RecentPace(settings.batchDelayMs, clock);
    this.processor = new BatchProcessor(
      this.queue,
      runner,
      this.breaker,
      this.recentPace,
      settings.maxInFlight,
      eventLoop,
    );
  }
}
