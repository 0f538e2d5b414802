import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Runtime } from '../../domain/runtime.js';
import { ProblemDetailsError, PROBLEM_CONTENT_TYPE } from './problem-details.js';
import { REQUEST_ID_HEADER, type RequestIds } from '../telemetry/request-context.js';

/** A client that does not close its side after such an answer is disconnected after this time. */
export const MAX_LINGER_MS = 2000;

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_INVALID_VERSION: 505,
  HPE_PAUSED_H2_UPGRADE: 505,
};

const DETAIL_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'the request is not valid HTTP',
  505: 'the request must be HTTP/1.1 or HTTP/1.0',
};

/**
 * Answers requests that the HTTP parser rejects, and CONNECT, with problem details: no route sees either. This service is
 * no proxy, so CONNECT is not implemented for any target.
 */
export function handleHttpParseErrors(server: Server, requestIds: RequestIds, runtime: Runtime): void {
  const endWithProblem = (socket: Duplex, problem: ProblemDetailsError): void => {
    socket.on('error', () => socket.destroy()); // the client is gone already
    socket.end(toResponse(problem, requestIds.create()));
    // Node.js leaves the socket to this listener and no longer limits its time.
    const timer = runtime.setTimeout(() => socket.destroy(), MAX_LINGER_MS).unref();
    socket.once('close', () => {
      runtime.clearTimeout(timer);
    });
  };
  server.on(
    'clientError',
    (error: NodeJS.ErrnoException, socket: Socket & { _httpMessage?: ServerResponse }) => {
      if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage?.headersSent === true) {
        socket.destroy();
        return;
      }
      const status = STATUS_BY_CODE[error.code ?? ''] ?? 400;
      endWithProblem(socket, new ProblemDetailsError(status, DETAIL_BY_STATUS[status] ?? error.message));
    },
  );
  server.on('connect', (_request, socket) => {
    endWithProblem(socket, new ProblemDetailsError(501, 'CONNECT is not supported'));
  });
}

function toResponse(problem: ProblemDetailsError, requestId: string): string {
  const content = problem.toBody();
  const body = JSON.stringify(content);
  return (
    `HTTP/1.1 ${String(problem.status)} ${content.title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_CONTENT_TYPE}\r\n` +
    `${REQUEST_ID_HEADER}: ${requestId}\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`
  );
}
