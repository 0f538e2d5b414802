import type { Server } from 'node:http';

const IDLE_CHECK_INTERVAL_MS = 50;

/**
 * From here on a connection ends with the answer under way on it, so that a client that keeps asking on an open one
 * does not hold up the stop; what is still open after `graceMs` is cut.
 */
export function drainHttpConnections(server: Server, graceMs: number): void {
  server.prependListener('request', (_request, response) => {
    response.setHeader('Connection', 'close');
  });
  setInterval(() => {
    server.closeIdleConnections();
  }, IDLE_CHECK_INTERVAL_MS).unref();
  setTimeout(() => {
    server.closeAllConnections();
  }, graceMs).unref();
}
