import { Module } from '@nestjs/common';
import { QueueAdminModule } from '../queue-admin/queue-admin.module.js';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { LiveService } from './live.service.js';
import { LiveController } from './live.controller.js';

/** The live picture of each lane: what was dispatched, and what is dispatched next. */
@Module({
  imports: [SchedulerModule, QueueAdminModule],
  controllers: [LiveController],
  providers: [LiveService],
})
export class LiveModule {}
