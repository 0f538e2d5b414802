import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Runtime } from '../../domain/runtime.js';

/** Defines the progress that a client must make, and the end of a connection that makes none. */
export interface ProgressRule {
  /** The minimum rate while the service waits for the client. */
  readonly minBytesPerSecond: number;
  /** A connection ends if it stays below the rate for this time. */
  readonly idleTimeoutMs: number;
  /** Tells whether the service waits for the client now. */
  readonly isAwaited: (socket: Socket) => boolean;
  /** Returns the number of bytes that the client has sent or taken since it connected. */
  readonly countBytes: (socket: Socket) => number;
  /** Ends a connection. It is called once for each one. */
  readonly end: (socket: Socket) => void;
}

interface ProgressMark {
  readonly bytes: number;
  readonly atMs: number;
}

/**
 * Ends connections whose clients make no progress. The total time of a request or a response is not limited. All
 * connections are checked at intervals, so a fast request costs nothing.
 */
export function enforceProgress(server: Server, rule: ProgressRule, runtime: Runtime): void {
  const { idleTimeoutMs, isAwaited, countBytes } = rule;
  const marks = new Map<Socket, ProgressMark>();
  server.on('connection', (socket: Socket) => {
    marks.set(socket, { bytes: 0, atMs: runtime.monotonicMs() });
    socket.once('close', () => marks.delete(socket));
  });
  const minBytes = Math.ceil((idleTimeoutMs / 1000) * rule.minBytesPerSecond);
  const timer = runtime.setInterval(() => {
    const nowMs = runtime.monotonicMs();
    for (const [socket, mark] of marks) {
      const bytes = countBytes(socket);
      if (!isAwaited(socket) || bytes - mark.bytes >= minBytes) {
        marks.set(socket, { bytes, atMs: nowMs });
      } else if (nowMs - mark.atMs >= idleTimeoutMs) {
        marks.delete(socket);
        rule.end(socket);
      }
    }
  }, idleTimeoutMs / 4);
  timer.unref();
  server.once('close', () => {
    runtime.clearInterval(timer);
  });
}
