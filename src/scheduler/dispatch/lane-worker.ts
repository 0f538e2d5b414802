import { filter } from 'rxjs';
import type { ExternalApi } from '../../external-api/external-api.js';
import type { Clock } from '../../domain/clock.js';
import { BatchProcessor } from './batch-processor.js';
import { CircuitBreaker } from '../lanes/circuit-breaker.js';
import type { QueueRepository } from '../queue/queue.repository.js';
import { DispatchRunner } from './dispatch-runner.js';
import type { EventLoopBudget } from './event-loop-budget.js';
import { UpstreamCaller } from './upstream-caller.js';
import type { LaneOptions } from '../lanes/lane.options.js';
import { PriorityQueue } from '../queue/priority-queue.js';
import type { DispatchEvents } from './dispatch-events.js';
import { CallStatistics } from '../lanes/call-statistics.js';
import { PaceStatistics } from '../lanes/pace-statistics.js';
import { RetryPolicy } from './retry-policy.js';
import type { SchedulerOptions } from '../scheduler.options.js';

/** What the gates of all lanes share. */
export interface SharedDependencies {
  readonly repository: QueueRepository;
  readonly events: DispatchEvents;
  readonly clock: Clock;
  readonly schedulerOptions: SchedulerOptions;
  readonly eventLoop: EventLoopBudget;
}

/** The gate of a lane: a queue, a processor and a breaker of its own, before an upstream. */
export class LaneWorker {
  readonly queue: PriorityQueue;
  readonly breaker: CircuitBreaker;
  readonly processor: BatchProcessor;
  readonly callStatistics = new CallStatistics();
  readonly paceStatistics: PaceStatistics;

  constructor(
    readonly options: LaneOptions,
    readonly externalApi: ExternalApi,
    callable: ExternalApi,
    { repository, events, clock, schedulerOptions, eventLoop }: SharedDependencies,
  ) {
    this.queue = new PriorityQueue(repository, {
      lane: options.name,
      batchSize: options.batchSize,
      delayMs: options.batchDelayMs,
      leaseMs: schedulerOptions.leaseMs,
      agingMs: schedulerOptions.agingMs,
      fairShare: schedulerOptions.fairShare,
    });
    this.breaker = new CircuitBreaker(
      { threshold: options.breakerThreshold, cooldownMs: options.breakerCooldownMs },
      clock,
      options.name,
    );
    const retryPolicy = new RetryPolicy(
      {
        maxAttempts: options.maxAttempts,
        baseMs: options.retryBaseMs,
        maxMs: options.retryMaxMs,
        honorsRetryAfter: options.retryAfterMaxMs > 0,
        storesResults: schedulerOptions.storesResults,
      },
      Math.random,
    );
    const caller = new UpstreamCaller(callable, options.timeoutMs, options.name);
    const runner = new DispatchRunner(
      this.queue,
      caller,
      this.breaker,
      retryPolicy,
      events,
      {
        graceMs: schedulerOptions.shutdownGraceMs,
        leaseMs: schedulerOptions.leaseMs,
        maxHoldMs: options.retryAfterMaxMs,
      },
      eventLoop,
    );
    events.dispatchSettled.pipe(filter(({ lane }) => lane === options.name)).subscribe((dispatch) => {
      this.callStatistics.add(dispatch);
    });
    this.paceStatistics = new PaceStatistics(options.batchDelayMs, clock);
    this.processor = new BatchProcessor(
      this.queue,
      runner,
      this.breaker,
      this.paceStatistics,
      options.maxInFlight,
      eventLoop,
    );
  }
}
