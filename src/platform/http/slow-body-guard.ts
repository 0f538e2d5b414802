import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Runtime } from '../../domain/runtime.js';
import { enforceProgress } from './progress-guard.js';

/** The minimum rate; slower than any network in use. */
export const MIN_BYTES_PER_SECOND = 100;

type HttpSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/**
 * Ends requests whose body makes no progress, with 408. Only progress is checked, and only while the service waits for
 * data.
 */
export function enforceBodyProgress(server: Server, idleTimeoutMs: number, runtime: Runtime): void {
  const rule = {
    minBytesPerSecond: MIN_BYTES_PER_SECOND,
    idleTimeoutMs,
    isAwaited: (socket: HttpSocket) => isAwaitingBody(socket._httpMessage?.req),
    countBytes: (socket: Socket) => socket.bytesRead,
    end: (socket: Socket) => {
      server.emit('clientError', new SlowBodyError(), socket);
    },
  };
  enforceProgress(server, rule, runtime);
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
