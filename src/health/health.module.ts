import { Module } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { ExternalApiModule } from '../external-api/external-api.module.js';
import { Drain } from '../lifecycle/drain.js';
import { EventLoopDelay } from '../lifecycle/event-loop-delay.js';
import { LaneMonitor } from '../queue/lane-monitor.js';
import { QueueModule } from '../queue/queue.module.js';
import { Lanes } from '../scheduler/lanes.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { Store } from '../storage/store.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';
import { StoreProbe } from './store-probe.js';

/** Health for load balancers, orchestrators and people. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ExternalApiModule, SchedulerModule, QueueModule],
  controllers: [HealthController],
  exports: [StoreProbe],
  providers: [
    { provide: StoreProbe, inject: [Store], useFactory: (store: Store) => new StoreProbe(store) },
    {
      provide: Readiness,
      inject: [
        HealthCheckService,
        HealthIndicatorService,
        Store,
        StoreProbe,
        LaneMonitor,
        Lanes,
        Drain,
        EventLoopDelay,
      ],
      useFactory: (
        checks: HealthCheckService,
        indicators: HealthIndicatorService,
        store: Store,
        probe: StoreProbe,
        monitor: LaneMonitor,
        lanes: Lanes,
        drain: Drain,
        loopDelay: EventLoopDelay,
      ) => new Readiness(checks, indicators, store, probe, monitor, lanes.names, drain, loopDelay),
    },
  ],
})
export class HealthModule {}
