import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Config } from '../config/config.js';
import { ExternalApiModule } from '../external-api/external-api.module.js';
import { ExternalApi } from '../external-api/external-api.js';
import { DEFAULT_LANE } from '../ingestion/lane.js';
import { UpstreamMetrics } from '../metrics/upstream-metrics.js';
import { BatchProcessor } from './batch-processor.js';
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
      inject: [ExternalApi, UpstreamMetrics, Config],
      useFactory: (api: ExternalApi, metrics: UpstreamMetrics, config: Config) =>
        new ExternalCaller(metrics.watch(api), config.externalApiTimeoutMs),
    },
    {
      provide: RetryPolicy,
      inject: [Config],
      useFactory: ({ maxAttempts, retryBaseMs, retryMaxMs, keepsResults }: Config) =>
        new RetryPolicy({ maxAttempts, baseMs: retryBaseMs, maxMs: retryMaxMs, keepsResults }, Math.random),
    },
    {
      provide: DispatchRunner,
      inject: [PriorityQueue, ExternalCaller, RetryPolicy, ProgressNews, Config],
      useFactory: (
        queue: PriorityQueue,
        caller: ExternalCaller,
        retryPolicy: RetryPolicy,
        news: ProgressNews,
        config: Config,
      ) =>
        new DispatchRunner(queue, caller, retryPolicy, news, {
          graceMs: config.shutdownGraceMs,
          leaseMs: config.leaseMs,
        }),
    },
    {
      provide: BatchProcessor,
      inject: [PriorityQueue, DispatchRunner, Config],
      useFactory: (queue: PriorityQueue, runner: DispatchRunner, config: Config) =>
        new BatchProcessor(queue, runner, config.maxInFlight),
    },
  ],
  exports: [PriorityQueue, ProgressNews],
})
export class SchedulerModule {}
