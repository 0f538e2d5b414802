import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ProblemDetailsError, PROBLEM_CONTENT_TYPE } from './problem-details.js';
import { REQUEST_ID_HEADER, type RequestIds } from '../telemetry/request-context.js';

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
export function handleHttpParseErrors(server: Server, requestIds: RequestIds): void {
  server.on(
    'clientError',
    (error: NodeJS.ErrnoException, socket: Socket & { _httpMessage?: ServerResponse }) => {
      if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage?.headersSent === true) {
        socket.destroy();
        return;
      }
      const status = STATUS_BY_CODE[error.code ?? ''] ?? 400;
      endWithProblem(
        socket,
        requestIds,
        new ProblemDetailsError(status, DETAIL_BY_STATUS[status] ?? error.message),
      );
    },
  );
  server.on('connect', (_request, socket) => {
    endWithProblem(socket, requestIds, new ProblemDetailsError(501, 'CONNECT is not supported'));
  });
}

function endWithProblem(socket: Duplex, requestIds: RequestIds, problem: ProblemDetailsError): void {
  const { title } = problem.toBody();
  const body = JSON.stringify(problem.toBody());
  socket.on('error', () => socket.destroy()); // the client is gone already
  socket.end(
    `HTTP/1.1 ${String(problem.status)} ${title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_CONTENT_TYPE}\r\n` +
      `${REQUEST_ID_HEADER}: ${requestIds.create()}\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
  );
}
