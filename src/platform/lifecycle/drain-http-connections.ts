import type { Server } from 'node:http';
import type { Runtime } from '../../domain/runtime.js';

const IDLE_CHECK_INTERVAL_MS = 50;

/**
 * Closes each connection after the response in flight on it, so that a client that keeps sending requests on
 * one connection does not delay the stop. Closes what is still open after `graceMs`.
 */
export function drainHttpConnections(server: Server, graceMs: number, runtime: Runtime): void {
  server.prependListener('request', (_request, response) => {
    response.setHeader('Connection', 'close');
  });
  runtime
    .setInterval(() => {
      server.closeIdleConnections();
    }, IDLE_CHECK_INTERVAL_MS)
    .unref();
  runtime
    .setTimeout(() => {
      server.closeAllConnections();
    }, graceMs)
    .unref();
}
