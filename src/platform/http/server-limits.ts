import type { Server } from 'node:http';
import type { Logger } from '@nestjs/common';
import type { HttpServerOptions } from './http-server.options.js';
import { enforceBodyProgress } from './slow-body-guard.js';
import type { Runtime } from '../../domain/runtime.js';

/** The interval of checks for requests whose headers are incomplete. */
const CHECK_INTERVAL_MS = 1000;
const MIN_LOG_INTERVAL_MS = 60_000;

/** Limits what a client can hold of the server without sending a request. Call it before the server listens. */
export function applyServerLimits(
  server: Server,
  options: HttpServerOptions,
  logger: Logger,
  runtime: Runtime,
): void {
  server.headersTimeout = options.headersTimeoutMs;
  server.requestTimeout = 0; // a body is limited by its progress, see `slow-body-guard.ts`
  server.keepAliveTimeout = options.keepAliveTimeoutMs;
  server.maxConnections = options.maxConnections;
  // Node.js checks only every 30 seconds by default. It reads this value when the server starts to listen.
  Object.assign(server, {
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, options.headersTimeoutMs / 2),
  });
  enforceBodyProgress(server, options.idleTimeoutMs, runtime);
  logDroppedConnections(server, options, logger, runtime);
}

function logDroppedConnections(
  server: Server,
  { maxConnections }: HttpServerOptions,
  logger: Logger,
  runtime: Runtime,
): void {
  let saidAtMs = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    const nowMs = runtime.monotonicMs();
    if (nowMs - saidAtMs > MIN_LOG_INTERVAL_MS) {
      saidAtMs = nowMs;
      logger.warn(
        `${String(maxConnections)} connections are open (MAX_CONNECTIONS): further ones are rejected`,
      );
    }
  });
}
