import { Module } from '@nestjs/common';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { StatisticsRecorder } from './statistics-recorder.js';
import { StatisticsController } from './statistics.controller.js';
import { StatisticsService } from './statistics.service.js';

/** Provides statistics of the last day, minute by minute. */
@Module({
  imports: [SchedulerModule],
  controllers: [StatisticsController],
  providers: [StatisticsService, StatisticsRecorder],
})
export class StatisticsModule {}
