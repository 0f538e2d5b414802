import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ExternalApiModule } from '../external-api/external-api.module.js';
import { ExternalApiRegistry } from '../external-api/external-api.registry.js';
import { UpstreamMetrics } from '../operations/metrics/upstream-metrics.js';
import { Clock } from '../domain/clock.js';
import { Tracing } from '../operations/tracing/tracing.js';
import { QueueRepository } from './queue/queue.repository.js';
import { EventLoopBudget } from './dispatch/event-loop-budget.js';
import { LaneWorker } from './dispatch/lane-worker.js';
import { LaneRegistry } from './lanes/lane-registry.js';
import { DispatchEvents } from './dispatch/dispatch-events.js';
import { SchedulerOptions } from './scheduler.options.js';

/** The gates: they claim dispatches at their pace, call the external API, record what came of it. */
@Module({
  imports: [ScheduleModule.forRoot(), ExternalApiModule],
  providers: [
    DispatchEvents,
    {
      provide: LaneRegistry,
      inject: [
        QueueRepository,
        ExternalApiRegistry,
        UpstreamMetrics,
        Tracing,
        DispatchEvents,
        Clock,
        SchedulerOptions,
      ],
      useFactory: (
        repository: QueueRepository,
        apis: ExternalApiRegistry,
        metrics: UpstreamMetrics,
        tracing: Tracing,
        events: DispatchEvents,
        clock: Clock,
        options: SchedulerOptions,
      ) => {
        const eventLoop = new EventLoopBudget(clock);
        return new LaneRegistry(
          options.lanes.map((lane) => {
            const api = apis.forLane(lane.name);
            return new LaneWorker(lane, api, tracing.instrumentUpstream(metrics.instrument(api, lane.name)), {
              repository,
              events,
              clock,
              schedulerOptions: options,
              eventLoop,
            });
          }),
        );
      },
    },
  ],
  exports: [LaneRegistry, DispatchEvents],
})
export class SchedulerModule {}
