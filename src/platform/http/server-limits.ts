import type { Server } from 'node:http';
import type { Logger } from '@nestjs/common';
import type { HttpServerOptions } from './http-server.options.js';
import { enforceBodyProgress } from './slow-body-guard.js';

/** How often requests whose headers do not come are looked for. */
const CHECK_INTERVAL_MS = 1000;
const MIN_LOG_INTERVAL_MS = 60_000;

/** Bounds what a client can hold of the server without asking anything. Call before it listens. */
export function applyServerLimits(server: Server, edge: HttpServerOptions, logger: Logger): void {
  server.headersTimeout = edge.headersTimeoutMs;
  server.requestTimeout = 0; // a body is timed by its progress
  server.keepAliveTimeout = edge.keepAliveTimeoutMs;
  server.maxConnections = edge.maxConnections;
  // Node's own default would find a slow client after 30 seconds only. It is read when the server begins to listen.
  Object.assign(server, {
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, edge.headersTimeoutMs / 2),
  });
  enforceBodyProgress(server, edge.idleTimeoutMs);
  logDroppedConnections(server, edge, logger);
}

function logDroppedConnections(server: Server, { maxConnections }: HttpServerOptions, logger: Logger): void {
  let saidAtMs = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    const nowMs = performance.now();
    if (nowMs - saidAtMs > MIN_LOG_INTERVAL_MS) {
      saidAtMs = nowMs;
      logger.warn(`${String(maxConnections)} connections are open (MAX_CONNECTIONS): more are turned away`);
    }
  });
}
