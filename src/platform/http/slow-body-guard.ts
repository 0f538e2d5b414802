import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Runtime } from '../../domain/runtime.js';

/** The minimum rate; slower than any network in use. */
export const MIN_BYTES_PER_SECOND = 100;

type HttpSocket = Socket & { _httpMessage?: ServerResponse | null };

interface ProgressMark {
  readonly bytesRead: number;
  readonly atMs: number;
}

/**
 * Ends requests whose body makes no progress, with 408. The total time of a body is not limited: a large one
 * may come over a slow network. Only progress is checked, and only while the service waits for data. All
 * connections are checked at intervals, so a fast request costs nothing.
 */
export function enforceBodyProgress(server: Server, idleTimeoutMs: number, runtime: Runtime): void {
  const sockets = new Map<HttpSocket, ProgressMark>();
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, { bytesRead: 0, atMs: runtime.monotonicMs() });
    socket.once('close', () => sockets.delete(socket));
  });
  const minBytes = Math.ceil((idleTimeoutMs / 1000) * MIN_BYTES_PER_SECOND);
  const timer = runtime.setInterval(() => {
    const nowMs = runtime.monotonicMs();
    for (const [socket, mark] of sockets) {
      const isAwaited = isAwaitingBody(socket._httpMessage?.req);
      if (!isAwaited || socket.bytesRead - mark.bytesRead >= minBytes) {
        sockets.set(socket, { bytesRead: socket.bytesRead, atMs: nowMs });
      } else if (nowMs - mark.atMs >= idleTimeoutMs) {
        sockets.delete(socket);
        server.emit('clientError', new SlowBodyError(), socket);
      }
    }
  }, idleTimeoutMs / 4);
  timer.unref();
  server.once('close', () => {
    runtime.clearInterval(timer);
  });
}

/** Tells whether the service waits for data: everything that has arrived is read. */
function isAwaitingBody(request: IncomingMessage | undefined): boolean {
  return request !== undefined && !request.complete && request.readableLength === 0;
}

class SlowBodyError extends Error {
  override readonly name = 'SlowBodyError';
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT';

  constructor() {
    super('the body came too slowly');
  }
}
