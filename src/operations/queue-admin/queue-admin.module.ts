import { Module } from '@nestjs/common';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { LaneMonitor } from './lane-monitor.js';
import { QueueController } from './queue.controller.js';
import { QueueService } from './queue.service.js';

/** Provides the state of the queue and its control. */
@Module({
  imports: [SchedulerModule],
  controllers: [QueueController],
  providers: [LaneMonitor, QueueService],
  exports: [LaneMonitor, QueueService],
})
export class QueueAdminModule {}
