import type { Server } from 'node:http';

const LOOK_FOR_IDLE_MS = 50;

/**
 * From here on a connection ends with the answer under way on it, so that a client that keeps asking on an open one
 * does not hold up the stop; what is still open after `graceMs` is cut.
 */
export function letConnectionsGo(server: Server, graceMs: number): void {
  server.prependListener('request', (_request, response) => {
    response.setHeader('Connection', 'close');
  });
  setInterval(() => {
    server.closeIdleConnections();
  }, LOOK_FOR_IDLE_MS).unref();
  setTimeout(() => {
    server.closeAllConnections();
  }, graceMs).unref();
}
