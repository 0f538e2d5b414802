import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Slower than any line that is in use. */
const MIN_BYTES_PER_SECOND = 100;

type HttpSocket = Socket & { _httpMessage?: ServerResponse | null };

interface ProgressMark {
  readonly bytesRead: number;
  readonly atMs: number;
}

/**
 * Cuts requests whose body does not go on, with 408. There is no limit to how long a body may take: a large one may come
 * over a slow line. What is measured is its progress, and only while the service wants more of it. It looks at the
 * connections now and then; a request that does not dawdle costs nothing.
 */
export function enforceBodyProgress(server: Server, idleTimeoutMs: number): void {
  const sockets = new Map<HttpSocket, ProgressMark>();
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, { bytesRead: 0, atMs: performance.now() });
    socket.once('close', () => sockets.delete(socket));
  });
  const leastBytes = Math.ceil((idleTimeoutMs / 1000) * MIN_BYTES_PER_SECOND);
  const look = setInterval(() => {
    const nowMs = performance.now();
    for (const [socket, mark] of sockets) {
      const isWaitedFor = isAwaitingBody(socket._httpMessage?.req);
      if (!isWaitedFor || socket.bytesRead - mark.bytesRead >= leastBytes) {
        sockets.set(socket, { bytesRead: socket.bytesRead, atMs: nowMs });
      } else if (nowMs - mark.atMs >= idleTimeoutMs) {
        sockets.delete(socket);
        server.emit('clientError', new SlowBodyError(), socket);
      }
    }
  }, idleTimeoutMs / 4);
  look.unref();
  server.once('close', () => {
    clearInterval(look);
  });
}

/** What has come is read already. */
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
