import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { AppHttpModule } from './app.http.module.js';
import { AppInstrumentationModule } from './app.instrumentation.module.js';
import { AppOptionsModule } from './app.options.module.js';
import { Configuration } from './platform/config/configuration.js';
import { Runtime } from './domain/runtime.js';
import { LaneUpstreams } from './external-api/lane-upstreams.js';
import { ApplicationReceiver } from './webhooks/application-receiver.js';
import { AuditModule } from './operations/audit/audit.module.js';
import { BackupModule } from './operations/backup/backup.module.js';
import { BulkActionsModule } from './operations/bulk-actions/bulk-actions.module.js';
import { DeadLettersModule } from './operations/dead-letters/dead-letters.module.js';
import { LiveModule } from './operations/live/live.module.js';
import { DispatchesModule } from './operations/dispatches/dispatches.module.js';
import { HealthModule } from './operations/health/health.module.js';
import { StatisticsModule } from './operations/statistics/statistics.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { IngestionModule } from './ingestion/ingestion.module.js';
import { LifecycleModule } from './platform/lifecycle/lifecycle.module.js';
import { LanesModule } from './operations/lanes/lanes.module.js';
import { MetricsModule } from './operations/metrics/metrics.module.js';
import { MetricsEndpointModule } from './operations/metrics/metrics-endpoint.module.js';
import { QueueAdminModule } from './operations/queue-admin/queue-admin.module.js';
import { ResultsModule } from './ingestion/results/results.module.js';
import { RetentionModule } from './operations/retention/retention.module.js';
import { RateLimitModule } from './platform/rate-limit/rate-limit.module.js';
import { AuthModule } from './platform/auth/auth.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { TracingModule } from './operations/tracing/tracing.module.js';
import { AppPortsModule } from './app.ports.module.js';
import { AppStorageModule } from './app.storage.module.js';

/** The modules of the service, without its options: these come from the environment, or from an application around it. */
export const FEATURE_MODULES = [
  LifecycleModule,
  MetricsModule,
  TracingModule,
  AppInstrumentationModule,
  AppStorageModule,
  AppHttpModule,
  HttpModule,
  IngestionModule, // first of those with routes: a request is compared with one route after the other
  AuthModule,
  RateLimitModule,
  DispatchesModule,
  DeadLettersModule,
  BulkActionsModule,
  QueueAdminModule,
  LanesModule,
  ResultsModule,
  LiveModule,
  StatisticsModule,
  WebhooksModule,
  RetentionModule,
  AuditModule,
  BackupModule,
  HealthModule,
  MetricsEndpointModule,
  AppPortsModule,
];

/** The whole service, with the options of a context of `AppOptionsModule.fromEnvironment()`. */
@Module({ imports: FEATURE_MODULES })
export class ServiceModule {
  static of(context: INestApplicationContext): DynamicModule {
    const options = AppOptionsModule.of(
      context.get(Configuration),
      context.get(Runtime),
      context.get(LaneUpstreams),
      context.get(ApplicationReceiver),
    );
    return { module: ServiceModule, imports: [options] };
  }
}

/** The whole service, configured by the environment. */
@Module({ imports: [AppOptionsModule.fromEnvironment(), ...FEATURE_MODULES] })
export class AppModule {}
