import { Module } from '@nestjs/common';
import { AuthModule } from '../../platform/auth/auth.module.js';
import { QueueAdminModule } from '../queue-admin/queue-admin.module.js';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { LiveService } from './live.service.js';
import { LiveController } from './live.controller.js';

/** Provides the live view of each lane: its recent and its next dispatches. */
@Module({
  imports: [AuthModule, SchedulerModule, QueueAdminModule],
  controllers: [LiveController],
  providers: [LiveService],
})
export class LiveModule {}
