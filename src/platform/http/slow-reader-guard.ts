import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Runtime } from '../../domain/runtime.js';

/** The minimum rate; slower than any network in use. */
export const MIN_BYTES_READ_PER_SECOND = 100;

/** The parts of a socket's handle that tell how much the operating system has taken; not in the types of Node.js. */
interface SocketHandle {
  readonly bytesWritten: number;
  /** Bytes of `bytesWritten` that are still in the process. */
  readonly writeQueueSize: number;
}

type ServerSocket = Socket & { readonly _handle?: SocketHandle | null };

interface ProgressMark {
  readonly bytesTaken: number;
  readonly atMs: number;
}

/**
 * Closes connections whose clients do not read their response: bytes wait in the process, and fewer than 100 a second
 * were taken during `idleTimeoutMs`. The status is already sent, so there is no answer that could say why. `onClosed` is
 * called for each one. The total time of a response is not limited, and connections without waiting bytes are not
 * checked.
 */
export function enforceReadProgress(
  server: Server,
  idleTimeoutMs: number,
  runtime: Runtime,
  onClosed: () => void,
): void {
  const sockets = new Map<ServerSocket, ProgressMark>();
  server.on('connection', (socket: ServerSocket) => {
    sockets.set(socket, { bytesTaken: 0, atMs: runtime.monotonicMs() });
    socket.once('close', () => sockets.delete(socket));
  });
  const minBytes = Math.ceil((idleTimeoutMs / 1000) * MIN_BYTES_READ_PER_SECOND);
  const timer = runtime.setInterval(() => {
    const nowMs = runtime.monotonicMs();
    for (const [socket, mark] of sockets) {
      const { bytesWritten = 0, writeQueueSize = 0 } = socket._handle ?? {};
      const bytesTaken = bytesWritten - writeQueueSize;
      const isWaiting = writeQueueSize > 0 || socket.writableLength > 0;
      if (!isWaiting || bytesTaken - mark.bytesTaken >= minBytes) {
        sockets.set(socket, { bytesTaken, atMs: nowMs });
      } else if (nowMs - mark.atMs >= idleTimeoutMs) {
        sockets.delete(socket);
        socket.destroy();
        onClosed();
      }
    }
  }, idleTimeoutMs / 4);
  timer.unref();
  server.once('close', () => {
    runtime.clearInterval(timer);
  });
}
