import { Module, RequestMethod, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { JsonBodyMiddleware } from '../platform/http/json-body.middleware.js';
import { ResultsModule } from '../results/results.module.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { ControlController } from './control/control.controller.js';
import { ControlService } from './control/control.service.js';
import { nothingToResume } from './follow/nothing-to-resume.middleware.js';
import { StatusEventsController } from './follow/status-events.controller.js';
import { StatusWatcher } from './follow/status-watcher.js';
import { IngestionController } from './ingestion.controller.js';
import { IngestionService } from './ingestion.service.js';
import { OutlookService } from './outlook/outlook.service.js';
import { StatusController } from './status.controller.js';
import { StatusService } from './status.service.js';
import { StreamController } from './stream.controller.js';
import { StreamService } from './stream/stream.service.js';
import { IngestionSurvey } from './survey/ingestion-survey.js';
import { IngestionsController } from './survey/ingestions.controller.js';

/** Intake and status of ingestions. */
@Module({
  imports: [SchedulerModule, ResultsModule, WebhooksModule],
  controllers: [
    IngestionController,
    StatusController,
    StreamController,
    StatusEventsController,
    IngestionsController,
    ControlController,
  ],
  providers: [
    IngestionService,
    StreamService,
    StatusService,
    StatusWatcher,
    OutlookService,
    IngestionSurvey,
    ControlService,
  ],
})
export class IngestionModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(nothingToResume)
      .forRoutes({ path: 'status/:ingestion_id/events', method: RequestMethod.GET });
    consumer
      .apply(JsonBodyMiddleware)
      .forRoutes(
        { path: 'ingest', method: RequestMethod.POST },
        { path: 'ingestions/:ingestion_id', method: RequestMethod.PATCH },
      );
  }
}
