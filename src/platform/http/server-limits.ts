import type { Server } from 'node:http';
import type { Logger } from '@nestjs/common';
import type { HttpServerOptions } from './http-server.options.js';
import { enforceReadProgress } from './slow-reader-guard.js';
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
  enforceReadProgress(
    server,
    options.readTimeoutMs,
    runtime,
    logSometimes(
      logger,
      runtime,
      'a client did not read its response (RESPONSE_IDLE_TIMEOUT): its connection is closed',
    ),
  );
  server.on(
    'drop',
    logSometimes(
      logger,
      runtime,
      `${String(options.maxConnections)} connections are open (MAX_CONNECTIONS): further ones are rejected`,
    ),
  );
}

/** Returns a function that logs a warning, at most once a minute. */
function logSometimes(logger: Logger, runtime: Runtime, message: string): () => void {
  let loggedAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = runtime.monotonicMs();
    if (nowMs - loggedAtMs > MIN_LOG_INTERVAL_MS) {
      loggedAtMs = nowMs;
      logger.warn(message);
    }
  };
}
