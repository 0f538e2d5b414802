import { Module } from '@nestjs/common';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { DeadLettersService } from './dead-letters.service.js';
import { DeadLettersController } from './dead-letters.controller.js';

/** Provides ids that failed for good. */
@Module({
  imports: [SchedulerModule],
  controllers: [DeadLettersController],
  providers: [DeadLettersService],
})
export class DeadLettersModule {}
