import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ExternalApiModule } from '../../external-api/external-api.module.js';
import { QueueAdminModule } from '../queue-admin/queue-admin.module.js';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';
import { StoreProbe } from './store-probe.js';

/** Provides health for load balancers, orchestrators and people. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ExternalApiModule, QueueAdminModule, SchedulerModule],
  controllers: [HealthController],
  providers: [StoreProbe, Readiness],
  exports: [StoreProbe],
})
export class HealthModule {}
