import { Module } from '@nestjs/common';
import { AuthModule } from '../../platform/auth/auth.module.js';
import { ResultService } from './result.service.js';
import { ResultsController } from './results.controller.js';
import { RetriesController } from './retries.controller.js';
import { RetriesService } from './retries.service.js';

/** Provides the results of ids. */
@Module({
  imports: [AuthModule],
  controllers: [ResultsController, RetriesController],
  providers: [ResultService, RetriesService],
  exports: [ResultService],
})
export class ResultsModule {}
