import { Module, RequestMethod, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { IngestionModule } from '../../ingestion/ingestion.module.js';
import { JsonBodyMiddleware } from '../../platform/http/json-body.middleware.js';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { DeadLettersModule } from '../dead-letters/dead-letters.module.js';
import { BulkActionRunner } from './bulk-action-runner.js';
import { BulkActionsController } from './bulk-actions.controller.js';
import { BulkActionsService } from './bulk-actions.service.js';
import { BulkTargets } from './bulk-targets.js';
import { DeadLetterTarget } from './dead-letter-target.js';
import { IngestionTarget } from './ingestion-target.js';

/** Provides actions on all that match a filter. */
@Module({
  imports: [IngestionModule, SchedulerModule, DeadLettersModule],
  controllers: [BulkActionsController],
  providers: [BulkActionsService, BulkActionRunner, BulkTargets, IngestionTarget, DeadLetterTarget],
})
export class BulkActionsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(JsonBodyMiddleware).forRoutes({ path: 'bulk-actions', method: RequestMethod.POST });
  }
}
