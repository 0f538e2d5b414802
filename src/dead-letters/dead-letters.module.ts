import { Module } from '@nestjs/common';
import { IngestionRepository } from '../ingestion/ingestion.repository.js';
import { Lanes } from '../scheduler/lanes.js';
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
      inject: [DeadLetterStore, IngestionRepository, Lanes],
      useFactory: (deadLetters: DeadLetterStore, ingestions: IngestionRepository, lanes: Lanes) =>
        new DeadLetterService(deadLetters, ingestions, lanes),
    },
  ],
})
export class DeadLettersModule {}
