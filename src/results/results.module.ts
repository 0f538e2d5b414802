import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { IngestionRepository } from '../ingestion/ingestion.repository.js';
import { ResultService } from './result.service.js';
import { ResultStore } from './result.store.js';
import { ResultsController } from './results.controller.js';

/** What came of each id. */
@Module({
  controllers: [ResultsController],
  providers: [
    {
      provide: ResultService,
      inject: [IngestionRepository, ResultStore, Config],
      useFactory: (ingestions: IngestionRepository, store: ResultStore, config: Config) =>
        new ResultService(ingestions, store, config.keepsResults),
    },
  ],
  exports: [ResultService],
})
export class ResultsModule {}
