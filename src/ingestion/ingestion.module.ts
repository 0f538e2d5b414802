import { Module, RequestMethod, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { AuthModule } from '../platform/auth/auth.module.js';
import { JsonBodyMiddleware } from '../platform/http/json-body.middleware.js';
import { ResultsModule } from './results/results.module.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { IngestionActionsController } from './actions/ingestion-actions.controller.js';
import { IngestionActionsService } from './actions/ingestion-actions.service.js';
import { stopReconnect } from './status/live/end-of-stream.middleware.js';
import { StatusEventsController } from './status/live/status-events.controller.js';
import { StatusWatcher } from './status/live/status-watcher.js';
import { IngestionController } from './ingestion.controller.js';
import { IngestionIntake } from './ingestion-intake.js';
import { IngestionService } from './ingestion.service.js';
import { EstimateService } from './estimate/estimate.service.js';
import { StatusController } from './status/status.controller.js';
import { StatusService } from './status/status.service.js';
import { StreamController } from './streaming/stream.controller.js';
import { StreamService } from './streaming/stream.service.js';
import { IdSearchController } from './listing/id-search.controller.js';
import { IdSearchService } from './listing/id-search.service.js';
import { IngestionListService } from './listing/ingestion-list.service.js';
import { IngestionExportService } from './listing/ingestion-export.service.js';
import { IngestionsController } from './listing/ingestions.controller.js';

/** Provides intake and status of ingestions. */
@Module({
  imports: [AuthModule, SchedulerModule, ResultsModule],
  controllers: [
    IngestionController,
    StatusController,
    StreamController,
    StatusEventsController,
    IngestionsController,
    IdSearchController,
    IngestionActionsController,
  ],
  providers: [
    IngestionService,
    IngestionIntake,
    StreamService,
    StatusService,
    StatusWatcher,
    EstimateService,
    IngestionListService,
    IdSearchService,
    IngestionExportService,
    IngestionActionsService,
  ],
  exports: [
    IngestionService,
    IngestionIntake,
    StatusService,
    EstimateService,
    IngestionActionsService,
    IngestionListService,
  ],
})
export class IngestionModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(stopReconnect)
      .forRoutes({ path: 'status/:ingestion_id/events', method: RequestMethod.GET });
    consumer
      .apply(JsonBodyMiddleware)
      .forRoutes(
        { path: 'ingest', method: RequestMethod.POST },
        { path: 'ingestions/:ingestion_id', method: RequestMethod.PATCH },
      );
  }
}
