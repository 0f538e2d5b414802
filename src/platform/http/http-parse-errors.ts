import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ProblemDetailsError, PROBLEM_CONTENT_TYPE } from './problem-details.js';
import { REQUEST_ID_HEADER, type RequestIds } from '../telemetry/request-context.js';

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers requests that the HTTP parser rejects, before any route sees them, with problem details. */
export function handleHttpParseErrors(server: Server, requestIds: RequestIds): void {
  server.on(
    'clientError',
    (error: NodeJS.ErrnoException, socket: Socket & { _httpMessage?: ServerResponse }) => {
      if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage?.headersSent === true) {
        socket.destroy();
        return;
      }
      const status = STATUS_BY_CODE[error.code ?? ''] ?? 400;
      const problem = new ProblemDetailsError(
        status,
        status === 400 ? 'the request is not valid HTTP' : error.message,
      );
      const { title } = problem.toBody();
      const body = JSON.stringify(problem.toBody());
      socket.end(
        `HTTP/1.1 ${String(status)} ${title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_CONTENT_TYPE}\r\n` +
          `${REQUEST_ID_HEADER}: ${requestIds.create()}\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
      );
    },
  );
}
