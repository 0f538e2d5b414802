import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Runtime } from '../../domain/runtime.js';
import { enforceProgress } from './progress-guard.js';

/** The minimum rate; slower than any network in use. */
export const MIN_BYTES_READ_PER_SECOND = 100;

/** The parts of a socket's handle that tell how much the operating system has taken; not in the types of Node.js. */
interface SocketHandle {
  readonly bytesWritten: number;
  /** Bytes of `bytesWritten` that are still in the process. */
  readonly writeQueueSize: number;
}

type ServerSocket = Socket & { readonly _handle?: SocketHandle | null };

/**
 * Closes connections whose clients do not read their response: bytes wait in the process, and fewer than 100 a second
 * were taken during `idleTimeoutMs`. The status is already sent, so there is no answer that could say why. `onClosed` is
 * called for each one. Connections without waiting bytes are not checked.
 */
export function enforceReadProgress(
  server: Server,
  idleTimeoutMs: number,
  runtime: Runtime,
  onClosed: () => void,
): void {
  const rule = {
    minBytesPerSecond: MIN_BYTES_READ_PER_SECOND,
    idleTimeoutMs,
    isAwaited: ({ _handle: handle, writableLength }: ServerSocket) =>
      (handle?.writeQueueSize ?? 0) > 0 || writableLength > 0,
    countBytes: ({ _handle: handle }: ServerSocket) =>
      (handle?.bytesWritten ?? 0) - (handle?.writeQueueSize ?? 0),
    end: (socket: Socket) => {
      socket.destroy();
      onClosed();
    },
  };
  enforceProgress(server, rule, runtime);
}
