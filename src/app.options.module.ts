import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AuditOptions } from './operations/audit/audit.options.js';
import { BackupOptions } from './operations/backup/backup.options.js';
import { Configuration } from './platform/config/configuration.js';
import { HttpServerOptions } from './platform/http/http-server.options.js';
import { ExternalApiOptions, MockExternalApiOptions } from './external-api/external-api.options.js';
import { LaneUpstreams } from './external-api/lane-upstreams.js';
import { IngestionOptions } from './ingestion/ingestion.options.js';
import { LifecycleOptions } from './platform/lifecycle/lifecycle.options.js';
import { LoggingOptions } from './platform/logging/logging.options.js';
import { RateLimitOptions } from './platform/rate-limit/rate-limit.options.js';
import { RetentionOptions } from './operations/retention/retention.options.js';
import { SchedulerOptions } from './scheduler/scheduler.options.js';
import { AuthOptions } from './platform/auth/auth.options.js';
import { Clock } from './domain/clock.js';
import { Runtime } from './domain/runtime.js';
import { SystemRuntime } from './domain/system-runtime.js';
import { TracingOptions } from './operations/tracing/tracing.options.js';
import { ApplicationReceiver } from './webhooks/application-receiver.js';
import { WebhookOptions } from './webhooks/webhook.options.js';

/** The options of each feature. */
const OPTIONS = [
  AuditOptions,
  AuthOptions,
  BackupOptions,
  HttpServerOptions,
  IngestionOptions,
  LifecycleOptions,
  LoggingOptions,
  MockExternalApiOptions,
  RateLimitOptions,
  RetentionOptions,
  SchedulerOptions,
  TracingOptions,
  WebhookOptions,
];

/** The configuration, the options that features take from it, the runtime, and upstreams given by an application. */
@Global()
@Module({
  providers: [
    { provide: Clock, useExisting: Runtime },
    {
      provide: ExternalApiOptions,
      inject: [Configuration],
      useFactory: (configuration: Configuration) => ExternalApiOptions.load(configuration),
    },
    ...OPTIONS,
  ],
  exports: [
    Configuration,
    Runtime,
    Clock,
    LaneUpstreams,
    ApplicationReceiver,
    ExternalApiOptions,
    ...OPTIONS,
  ],
})
export class AppOptionsModule {
  /** Reads the configuration from the environment of the process. */
  static fromEnvironment(): DynamicModule {
    return {
      module: AppOptionsModule,
      providers: [
        { provide: Configuration, useFactory: () => Configuration.read(process.env) },
        { provide: Runtime, useClass: SystemRuntime },
        LaneUpstreams,
        ApplicationReceiver,
      ],
    };
  }

  /** Takes everything from an application around the service, and nothing from the process. */
  static of(
    configuration: Configuration,
    runtime: Runtime,
    upstreams: LaneUpstreams,
    receiver: ApplicationReceiver,
  ): DynamicModule {
    return {
      module: AppOptionsModule,
      providers: [
        { provide: Configuration, useValue: configuration },
        { provide: Runtime, useValue: runtime },
        { provide: LaneUpstreams, useValue: upstreams },
        { provide: ApplicationReceiver, useValue: receiver },
      ],
    };
  }
}
