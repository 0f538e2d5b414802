import { Module } from '@nestjs/common';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { LaneMonitor } from './lane-monitor.js';
import { QueueController } from './queue.controller.js';
import { QueueService } from './queue.service.js';

/** The state of the queue, shown and controlled. */
@Module({
  imports: [SchedulerModule],
  controllers: [QueueController],
  providers: [LaneMonitor, QueueService],
  exports: [LaneMonitor, QueueService],
})
export class QueueAdminModule {}
