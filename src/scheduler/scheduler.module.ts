import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Config } from '../config/config.js';
import { ExternalApiModule } from '../external-api/external-api.module.js';
import { ExternalApi } from '../external-api/external-api.js';
import { DEFAULT_LANE } from '../ingestion/lane.js';
import { UpstreamMetrics } from '../metrics/upstream-metrics.js';
import { Clock } from '../time/clock.js';
import { Tracing } from '../tracing/tracing.js';
import { BatchProcessor } from './batch-processor.js';
import { Breaker } from './breaker.js';
import { DispatchRunner } from './dispatch-runner.js';
import { DispatchStore } from './dispatch.store.js';
import { ExternalCaller } from './external-caller.js';
import { PriorityQueue } from './priority-queue.js';
import { ProgressNews } from './progress-news.js';
import { RetryPolicy } from './retry-policy.js';

/** The gate: claims dispatches at the pace, calls the external API, records what came of it. */
@Module({
  imports: [ScheduleModule.forRoot(), ExternalApiModule],
  providers: [
    ProgressNews,
    {
      provide: PriorityQueue,
      inject: [DispatchStore, Config],
      useFactory: (store: DispatchStore, config: Config) =>
        new PriorityQueue(store, {
          lane: DEFAULT_LANE,
          batchSize: config.batchSize,
          delayMs: config.batchDelayMs,
          leaseMs: config.leaseMs,
          agingMs: config.priorityAgingMs,
        }),
    },
    {
      provide: ExternalCaller,
      inject: [ExternalApi, UpstreamMetrics, Tracing, Config],
      useFactory: (api: ExternalApi, metrics: UpstreamMetrics, tracing: Tracing, config: Config) =>
        new ExternalCaller(tracing.watchUpstream(metrics.watch(api)), config.externalApiTimeoutMs),
    },
    {
      provide: RetryPolicy,
      inject: [Config],
      useFactory: ({ maxAttempts, retryBaseMs, retryMaxMs, retryAfterMaxMs, keepsResults }: Config) =>
        new RetryPolicy(
          {
            maxAttempts,
            baseMs: retryBaseMs,
            maxMs: retryMaxMs,
            heedsRetryAfter: retryAfterMaxMs > 0,
            keepsResults,
          },
          Math.random,
        ),
    },
    {
      provide: Breaker,
      inject: [Config, Clock],
      useFactory: (config: Config, clock: Clock) =>
        new Breaker({ threshold: config.breakerThreshold, cooldownMs: config.breakerCooldownMs }, clock),
    },
    {
      provide: DispatchRunner,
      inject: [PriorityQueue, ExternalCaller, Breaker, RetryPolicy, ProgressNews, Config],
      useFactory: (
        queue: PriorityQueue,
        caller: ExternalCaller,
        breaker: Breaker,
        retryPolicy: RetryPolicy,
        news: ProgressNews,
        config: Config,
      ) =>
        new DispatchRunner(queue, caller, breaker, retryPolicy, news, {
          graceMs: config.shutdownGraceMs,
          leaseMs: config.leaseMs,
          longestHoldMs: config.retryAfterMaxMs,
        }),
    },
    {
      provide: BatchProcessor,
      inject: [PriorityQueue, DispatchRunner, Breaker, Config],
      useFactory: (queue: PriorityQueue, runner: DispatchRunner, breaker: Breaker, config: Config) =>
        new BatchProcessor(queue, runner, breaker, config.maxInFlight),
    },
  ],
  exports: [PriorityQueue, ProgressNews, Breaker],
})
export class SchedulerModule {}
