import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ExternalApiModule } from '../external-api/external-api.module.js';
import { ExternalApiRegistry } from '../external-api/external-api.registry.js';
import { UpstreamMetrics } from '../metrics/upstream-metrics.js';
import { Clock } from '../domain/clock.js';
import { Tracing } from '../tracing/tracing.js';
import { DispatchStore } from './queue/queue.repository.js';
import { EventLoopBudget } from './dispatch/event-loop-budget.js';
import { LaneGate } from './dispatch/lane-worker.js';
import { Lanes } from './lanes/lane-registry.js';
import { ProgressNews } from './dispatch/dispatch-events.js';
import { SchedulerOptions } from './scheduler.options.js';

/** The gates: they claim dispatches at their pace, call the external API, record what came of it. */
@Module({
  imports: [ScheduleModule.forRoot(), ExternalApiModule],
  providers: [
    ProgressNews,
    {
      provide: Lanes,
      inject: [
        DispatchStore,
        ExternalApiRegistry,
        UpstreamMetrics,
        Tracing,
        ProgressNews,
        Clock,
        SchedulerOptions,
      ],
      useFactory: (
        store: DispatchStore,
        apis: ExternalApiRegistry,
        metrics: UpstreamMetrics,
        tracing: Tracing,
        news: ProgressNews,
        clock: Clock,
        options: SchedulerOptions,
      ) => {
        const eventLoop = new EventLoopBudget(clock);
        return new Lanes(
          options.lanes.map((lane) => {
            const api = apis.forLane(lane.name);
            return new LaneGate(lane, api, tracing.watchUpstream(metrics.watch(api, lane.name)), {
              store,
              news,
              clock,
              options,
              eventLoop,
            });
          }),
        );
      },
    },
  ],
  exports: [Lanes, ProgressNews],
})
export class SchedulerModule {}
