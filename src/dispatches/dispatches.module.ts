import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { DispatchHistory } from './dispatch-history.js';
import { DispatchSurvey } from './dispatch-survey.js';
import { DispatchesController } from './dispatches.controller.js';

/** The timeline of dispatches. */
@Module({
  controllers: [DispatchesController],
  providers: [
    {
      provide: DispatchSurvey,
      inject: [DispatchHistory, Config],
      useFactory: (history: DispatchHistory, config: Config) => new DispatchSurvey(history, config.batchSize),
    },
  ],
})
export class DispatchesModule {}
