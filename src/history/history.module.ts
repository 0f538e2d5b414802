import { Module } from '@nestjs/common';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { HistoryRecorder } from './history-recorder.js';
import { HistoryController } from './history.controller.js';
import { HistoryService } from './history.service.js';

/** Statistics of the last day, minute by minute. */
@Module({
  imports: [SchedulerModule],
  controllers: [HistoryController],
  providers: [HistoryService, HistoryRecorder],
})
export class HistoryModule {}
