import { Module, RequestMethod, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { Config } from '../config/config.js';
import { JsonBodyMiddleware } from '../http/json-body.middleware.js';
import { currentRequest } from '../http/request-context.js';
import { Drain } from '../lifecycle/drain.js';
import { ResultsModule } from '../results/results.module.js';
import { Lanes } from '../scheduler/lanes.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { ProgressNews } from '../scheduler/progress-news.js';
import { CallbackGuard } from '../webhooks/callback-guard.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { Clock } from '../time/clock.js';
import { ControlController } from './control/control.controller.js';
import { ControlService } from './control/control.service.js';
import { ControlStore } from './control.store.js';
import { OutlookService } from './outlook/outlook.service.js';
import { OutlookStore } from './outlook/outlook.store.js';
import { nothingToResume } from './follow/nothing-to-resume.middleware.js';
import { StatusEventsController } from './follow/status-events.controller.js';
import { StatusWatcher } from './follow/status-watcher.js';
import { IngestionController } from './ingestion.controller.js';
import { IngestionRepository } from './ingestion.repository.js';
import { IngestionService } from './ingestion.service.js';
import { IngestionSurvey } from './survey/ingestion-survey.js';
import { IngestionsController } from './survey/ingestions.controller.js';
import { StagingStore } from './stream/staging.store.js';
import { StreamService } from './stream/stream.service.js';
import { StreamController } from './stream.controller.js';
import { StatusController } from './status.controller.js';
import { StatusService } from './status.service.js';

/** Accepting lists and showing how they stand. */
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
    {
      provide: StatusWatcher,
      inject: [IngestionRepository, ProgressNews],
      useFactory: (repository: IngestionRepository, news: ProgressNews) =>
        new StatusWatcher(repository, news),
    },
    {
      provide: StatusService,
      inject: [IngestionRepository, Config],
      useFactory: (repository: IngestionRepository, config: Config) =>
        new StatusService(repository, batchSizes(config)),
    },
    {
      provide: ControlService,
      inject: [ControlStore, ProgressNews, Lanes],
      useFactory: (store: ControlStore, news: ProgressNews, lanes: Lanes) =>
        new ControlService(store, news, lanes),
    },
    {
      provide: OutlookService,
      inject: [OutlookStore, Lanes, Clock, Config],
      useFactory: (store: OutlookStore, lanes: Lanes, clock: Clock, { fairShare }: Config) =>
        new OutlookService(store, lanes, clock, fairShare),
    },
    {
      provide: IngestionSurvey,
      inject: [IngestionRepository],
      useFactory: (repository: IngestionRepository) => new IngestionSurvey(repository),
    },
    {
      provide: IngestionService,
      inject: [IngestionRepository, Lanes, Drain, Config, CallbackGuard],
      useFactory: (
        repository: IngestionRepository,
        lanes: Lanes,
        drain: Drain,
        config: Config,
        callbacks: CallbackGuard,
      ) =>
        new IngestionService(
          repository,
          lanes,
          drain,
          {
            idempotency: { windowMs: config.idempotencyWindowMs, byContent: config.idempotencyByContent },
            maxWaitingIds: config.maxWaitingIds,
            currentTrace: () => currentRequest()?.trace,
          },
          callbacks,
        ),
    },
    {
      provide: StreamService,
      inject: [StagingStore, IngestionService, Drain, Clock, Config],
      useFactory: (
        staging: StagingStore,
        ingestions: IngestionService,
        drain: Drain,
        clock: Clock,
        config: Config,
      ) =>
        new StreamService(staging, ingestions, drain, clock, {
          maxIds: config.maxStreamIds,
          maxWaitingIds: config.maxWaitingIds,
        }),
    },
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

function batchSizes({ lanes, batchSize }: Config): (lane: string) => number {
  const sizes = new Map(lanes.map((lane) => [lane.name, lane.batchSize]));
  return (lane) => sizes.get(lane) ?? batchSize;
}
