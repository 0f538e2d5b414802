import { Module } from '@nestjs/common';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { HistoryRecorder } from './statistics-recorder.js';
import { HistoryController } from './statistics.controller.js';
import { HistoryService } from './statistics.service.js';

/** Statistics of the last day, minute by minute. */
@Module({
  imports: [SchedulerModule],
  controllers: [HistoryController],
  providers: [HistoryService, HistoryRecorder],
})
export class HistoryModule {}
