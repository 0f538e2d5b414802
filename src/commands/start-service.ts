import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ServiceModule } from '../app.module.js';
import { AppOptionsModule } from '../app.options.module.js';
import { escapeControls } from '../domain/printable-text.js';
import { Runtime } from '../domain/runtime.js';
import { ConfigError } from '../platform/config/config-error.js';
import { findUnknownVariables, formatUnknownVariable } from '../platform/config/unknown-variables.js';
import { HttpServerOptions } from '../platform/http/http-server.options.js';
import { ExternalApiRegistry } from '../external-api/external-api.registry.js';
import { FastExpressAdapter } from '../platform/http/fast-express.adapter.js';
import { disableAllocationSitePretenuring } from '../platform/lifecycle/v8-flags.js';
import { LifecycleOptions } from '../platform/lifecycle/lifecycle.options.js';
import { enableGracefulShutdown } from '../platform/lifecycle/graceful-shutdown.js';
import { formatStartupMessage } from '../platform/lifecycle/startup-message.js';
import { sizeThreadPool } from '../platform/lifecycle/thread-pool.js';
import { LoggingOptions } from '../platform/logging/logging.options.js';
import { createPinoLogger, logUncaughtErrors, openLogStream } from '../platform/logging/pino-logger.js';
import { NEST_LEVELS, ServiceLogger } from '../platform/logging/service-logger.js';
import { SchedulerOptions } from '../scheduler/scheduler.options.js';
import { AuthOptions } from '../platform/auth/auth.options.js';
import { warnIfUnauthenticated } from '../platform/auth/warn-if-unauthenticated.js';
import { MaintenanceRepository } from '../operations/maintenance/maintenance.repository.js';
import { TracingOptions } from '../operations/tracing/tracing.options.js';
import { EX_CONFIG } from './ex-config.js';

/** The name or the address is not one of this machine. */
const WRONG_HOST: ReadonlySet<string> = new Set(['ENOTFOUND', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** Starts the service. Ends the process with one line if that fails. */
export async function startService(): Promise<void> {
  try {
    await start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`sluice cannot start: ${escapeControls(reason)}\n`);
    process.exit(error instanceof ConfigError ? EX_CONFIG : 1);
  }
}

async function start(): Promise<void> {
  sizeThreadPool(process.env);
  disableAllocationSitePretenuring();
  // All settings are checked before anything is opened, and read once.
  const options = await NestFactory.createApplicationContext(AppOptionsModule.fromEnvironment(), {
    abortOnError: false,
    logger: false,
  });
  const isTraced = options.get(TracingOptions).otlpEndpoint !== undefined;
  const { level } = options.get(LoggingOptions);
  const pinoLogger = createPinoLogger(level, await openLogStream(options.get(Runtime)), isTraced);
  const logger = new ServiceLogger(pinoLogger);
  logUncaughtErrors(pinoLogger);
  const app = await NestFactory.create<NestExpressApplication>(
    ServiceModule.of(options),
    new FastExpressAdapter(),
    {
      bodyParser: false, // each endpoint reads its own body
      abortOnError: false,
      logger,
    },
  );
  Logger.overrideLogger([...NEST_LEVELS[level]]);
  enableGracefulShutdown(app, logger, options.get(LifecycleOptions).shutdownGraceMs);
  const { host, port } = options.get(HttpServerOptions);
  await listen(app, port, host);
  warnIfUnauthenticated(options.get(AuthOptions), host, logger);
  for (const unknown of findUnknownVariables(process.env)) {
    logger.warn(formatUnknownVariable(unknown));
  }
  const store = app.get(MaintenanceRepository).description;
  const upstream = app.get(ExternalApiRegistry).default.description;
  logger.log(
    formatStartupMessage(await app.getUrl(), store, upstream, options.get(SchedulerOptions).lanes[0]),
  );
}

/** @throws ConfigError if the host cannot be listened on. */
async function listen(app: NestExpressApplication, port: number, host: string): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw WRONG_HOST.has(code)
      ? new ConfigError(`HOST cannot be ${JSON.stringify(host)}: ${message}`, { cause: error })
      : error;
  }
}
