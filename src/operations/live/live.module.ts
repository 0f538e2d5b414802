import { Module } from '@nestjs/common';
import { QueueModule } from '../queue-admin/queue-admin.module.js';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { GateWatcher } from './live.service.js';
import { GateController } from './live.controller.js';

/** The live picture of each lane: what was dispatched, and what is dispatched next. */
@Module({
  imports: [SchedulerModule, QueueModule],
  controllers: [GateController],
  providers: [GateWatcher],
})
export class GateModule {}
