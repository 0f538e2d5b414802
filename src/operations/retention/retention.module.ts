import { Module } from '@nestjs/common';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { IngestionDeletionController } from './ingestion-deletion.controller.js';
import { IngestionDeletionService } from './ingestion-deletion.service.js';
import { RetentionService } from './retention.service.js';

/** Provides the deletion of finished ingestions, by age and on request. */
@Module({
  imports: [SchedulerModule],
  controllers: [IngestionDeletionController],
  providers: [RetentionService, IngestionDeletionService],
})
export class RetentionModule {}
