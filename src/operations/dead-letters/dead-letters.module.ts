import { Module } from '@nestjs/common';
import { AuthModule } from '../../platform/auth/auth.module.js';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { DeadLetterCounter } from './dead-letter-counter.js';
import { DeadLettersService } from './dead-letters.service.js';
import { DeadLettersController } from './dead-letters.controller.js';

/** Provides ids that failed for good. */
@Module({
  imports: [SchedulerModule, AuthModule],
  controllers: [DeadLettersController],
  providers: [DeadLettersService, DeadLetterCounter],
  exports: [DeadLetterCounter],
})
export class DeadLettersModule {}
