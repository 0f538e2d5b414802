import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { ConfigError } from './config/config.js';
import { loadConfig } from './config/load-config.js';
import { APP_OPTIONS, configureApp } from './configure-app.js';
import { ExternalApi } from './external-api/external-api.js';
import { HttpAdapter } from './http/http-adapter.js';
import { makeObjectsYoung } from './lifecycle/garbage-collection.js';
import { stopOnSignals } from './lifecycle/signals.js';
import { describeStart } from './lifecycle/start-line.js';
import { sizeThreadPool } from './lifecycle/thread-pool.js';
import { createPinoLogger, logDefects, openLog } from './logging/pino-logger.js';
import { NEST_LEVELS, ServiceLogger } from './logging/service-logger.js';
import { warnIfOpen } from './security/warn-if-open.js';
import { Store } from './storage/store.js';

const EX_CONFIG = 78;

async function start(): Promise<void> {
  sizeThreadPool();
  makeObjectsYoung();
  const config = loadConfig(process.env);
  const pinoLogger = createPinoLogger(config.logLevel, await openLog(), config.otlpEndpoint !== undefined);
  const logger = new ServiceLogger(pinoLogger);
  logDefects(pinoLogger);
  const app = await NestFactory.create<NestExpressApplication>(AppModule, new HttpAdapter(), {
    ...APP_OPTIONS,
    abortOnError: false,
    logger,
  });
  Logger.overrideLogger([...NEST_LEVELS[config.logLevel]]);
  configureApp(app);
  stopOnSignals(app, logger, config.shutdownGraceMs);
  warnIfOpen(config, logger);
  await app.listen(config.port, config.host);
  logger.log(
    describeStart(await app.getUrl(), app.get(Store).description, app.get(ExternalApi).description, config),
  );
}

start().catch((error: unknown) => {
  process.stderr.write(`sluice cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError ? EX_CONFIG : 1);
});
