import { Module } from '@nestjs/common';
import { IngestionRepository } from '../ingestion/ingestion.repository.js';
import { PriorityQueue } from '../scheduler/priority-queue.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { DeadLetterService } from './dead-letter.service.js';
import { DeadLetterStore } from './dead-letter.store.js';
import { DeadLettersController } from './dead-letters.controller.js';

/** Ids that gave up. */
@Module({
  imports: [SchedulerModule],
  controllers: [DeadLettersController],
  providers: [
    {
      provide: DeadLetterService,
      inject: [DeadLetterStore, IngestionRepository, PriorityQueue],
      useFactory: (deadLetters: DeadLetterStore, ingestions: IngestionRepository, queue: PriorityQueue) =>
        new DeadLetterService(deadLetters, ingestions, queue),
    },
  ],
})
export class DeadLettersModule {}
