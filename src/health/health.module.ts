import { Module } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { ExternalApiModule } from '../external-api/external-api.module.js';
import { Drain } from '../lifecycle/drain.js';
import { EventLoopDelay } from '../lifecycle/event-loop-delay.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { Store } from '../storage/store.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

/** Health for load balancers, orchestrators and people. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ExternalApiModule, SchedulerModule],
  controllers: [HealthController],
  providers: [
    {
      provide: Readiness,
      inject: [HealthCheckService, HealthIndicatorService, Store, Drain, EventLoopDelay],
      useFactory: (
        checks: HealthCheckService,
        indicators: HealthIndicatorService,
        store: Store,
        drain: Drain,
        loopDelay: EventLoopDelay,
      ) => new Readiness(checks, indicators, store, drain, loopDelay),
    },
  ],
})
export class HealthModule {}
