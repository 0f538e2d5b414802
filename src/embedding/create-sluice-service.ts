import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Application } from 'express';
import { FEATURE_MODULES } from '../app.module.js';
import { AppOptionsModule } from '../app.options.module.js';
import type { Runtime } from '../domain/runtime.js';
import { SystemRuntime } from '../domain/system-runtime.js';
import { LaneUpstreams } from '../external-api/lane-upstreams.js';
import { IngestRequestPipe } from '../ingestion/dto/ingest-request.pipe.js';
import { IngestionModule } from '../ingestion/ingestion.module.js';
import { ConfigError } from '../platform/config/config-error.js';
import type { Configuration } from '../platform/config/configuration.js';
import { ApplicationReceiver } from '../webhooks/application-receiver.js';
import { toEndStatus } from '../webhooks/webhook-message.js';
import { readConfiguration } from './embedded-configuration.js';
import { HostLogger } from './host-logger.js';
import { HandlerUpstream } from './handler-upstream.js';
import { MissingUpstream } from './missing-upstream.js';
import type { DispatchHandler } from './dispatch-handler.js';
import { EmbeddedListActions } from './embedded-list-actions.js';
import type { FinishedListener, SluiceService } from './sluice-service.js';
import type { LaneSettings, SluiceSettings } from './sluice-settings.js';
import { toSluiceError } from './to-sluice-error.js';
import { TransactionalSubmission } from './transactional-submission.js';

export interface CreateSluiceOptions {
  readonly settings: SluiceSettings;
  /** The lanes besides the default one, and settings of the default lane, by name. */
  readonly lanes: ReadonlyMap<string, LaneSettings>;
  /** The handlers by lane. A lane needs a handler or a URL, unless it has settings of the simulated API. */
  readonly handlers: ReadonlyMap<string, DispatchHandler>;
  /** Are called when a list that was submitted here has finished, each at least once. */
  readonly listeners: readonly FinishedListener[];
  /** Time, timers, randomness and ids; the default is the machine's. */
  readonly runtime?: Runtime;
  /** The logger class of the application's Nest. */
  readonly hostLogger: typeof Logger;
}

@Module({})
class EmbeddedModule {
  static of(options: DynamicModule): DynamicModule {
    return {
      module: EmbeddedModule,
      imports: [options, ...FEATURE_MODULES, IngestionModule],
      providers: [IngestRequestPipe, TransactionalSubmission, EmbeddedListActions],
    };
  }
}

/**
 * Makes a whole service inside this process: an application of its own, with its own guards, filters, parsers and
 * intervals, so that nothing of it applies to the application around it. It reads no environment variable.
 * @throws SluiceError of kind `misconfigured` that names the setting, or the error of the store.
 */
export async function createSluiceService(options: CreateSluiceOptions): Promise<SluiceService> {
  try {
    return await create(options);
  } catch (error) {
    throw toSluiceError(error);
  }
}

async function create({
  settings,
  lanes,
  handlers,
  listeners,
  hostLogger,
  runtime = new SystemRuntime(),
}: CreateSluiceOptions): Promise<SluiceService> {
  const configuration = readConfiguration(settings, lanes);
  const upstreams = chooseUpstreams(configuration, handlers, lanes, isSimulated(settings));
  const adapter = new ExpressAdapter();
  const appOptions = AppOptionsModule.of(configuration, runtime, upstreams, toReceiver(listeners));
  const app = await NestFactory.create(EmbeddedModule.of(appOptions), adapter, {
    bodyParser: false, // each endpoint reads its own body
    abortOnError: false,
    // The bundled service has a copy of Nest of its own, whose logger does not write where the application's does.
    ...(hostLogger !== Logger && { logger: new HostLogger(hostLogger) }),
  });
  const express = adapter.getInstance<Application>();
  return {
    lists: app.get(EmbeddedListActions),
    handler: (request, response) => {
      express(request, response);
    },
    start: async () => {
      await app.init();
    },
    close: () => app.close(),
  };
}

function toReceiver(listeners: readonly FinishedListener[]): ApplicationReceiver {
  return ApplicationReceiver.of(
    listeners.map((listener) => (delivery) => {
      const { ingestionId, priority, labels = {}, cancelReason = null, total, completed, failed } = delivery;
      const cancelled = total - completed - failed;
      const status = toEndStatus(delivery);
      return listener({
        ingestionId,
        priority,
        status,
        labels,
        cancelReason,
        total,
        completed,
        failed,
        cancelled,
      });
    }),
  );
}

/**
 * Returns the handlers as upstreams. A lane that has neither a handler nor a URL uses the simulated API only where it is
 * configured: ids that look processed and are not would be worse than an error.
 */
function chooseUpstreams(
  { lanes }: Configuration,
  handlers: ReadonlyMap<string, DispatchHandler>,
  given: ReadonlyMap<string, LaneSettings>,
  isSimulated: boolean,
): LaneUpstreams {
  const names = new Set(lanes.map(({ name }) => name));
  const upstreams = new LaneUpstreams();
  for (const [lane, handler] of handlers) {
    if (!names.has(lane)) {
      throw new ConfigError(`lane ${lane} has a handler, but it is not registered`);
    }
    upstreams.set(lane, new HandlerUpstream(lane, handler));
  }
  for (const { name, variables } of lanes) {
    if (upstreams.has(name) || variables.EXTERNAL_API_URL !== undefined || isSimulated) {
      continue;
    }
    if (given.has(name)) {
      throw new ConfigError(`lane ${name} has neither a handler nor an externalApiUrl`);
    }
    upstreams.set(name, new MissingUpstream(name));
  }
  return upstreams;
}

function isSimulated(settings: SluiceSettings): boolean {
  return Object.keys(settings).some((name) => name.startsWith('mock'));
}
