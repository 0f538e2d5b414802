import { Module } from '@nestjs/common';
import { AuthModule } from '../../platform/auth/auth.module.js';
import { ResultService } from './result.service.js';
import { ResultsController } from './results.controller.js';

/** Provides the results of ids. */
@Module({
  imports: [AuthModule],
  controllers: [ResultsController],
  providers: [ResultService],
  exports: [ResultService],
})
export class ResultsModule {}
