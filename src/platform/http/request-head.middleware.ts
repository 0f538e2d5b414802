import type { Server } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { ProblemDetailsError } from './problem-details.js';

const VERSIONS: ReadonlySet<string> = new Set(['1.0', '1.1']);

/**
 * Leaves to `checkRequestHead` what Node.js would answer itself, without problem details: a request without `Host`, and
 * one with an unknown `Expect`. Call it before the server listens.
 */
export function deferHeadChecks(server: Server): void {
  Object.assign(server, { requireHostHeader: false });
  server.on('checkExpectation', (request, response) => {
    server.emit('request', request, response);
  });
}

/**
 * Rejects requests whose head is ambiguous or not HTTP/1 (RFC 9112, sections 2.3 and 3.2; RFC 9110, section 10.1.1), and
 * closes their connections.
 */
export function checkRequestHead(request: Request, response: Response, next: NextFunction): void {
  const problem = findProblem(request);
  if (problem !== null) {
    response.setHeader('Connection', 'close');
  }
  next(problem ?? undefined);
}

function findProblem({ httpVersion, rawHeaders, headers }: Request): ProblemDetailsError | null {
  if (!VERSIONS.has(httpVersion)) {
    return new ProblemDetailsError(505, 'the request must be HTTP/1.1 or HTTP/1.0');
  }
  const hosts = countHosts(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) {
    return new ProblemDetailsError(400, 'the request must have exactly one Host header');
  }
  const { expect } = headers;
  return expect !== undefined && httpVersion === '1.1' && expect.toLowerCase() !== '100-continue'
    ? new ProblemDetailsError(417, 'Expect can only be 100-continue')
    : null;
}

/** Counts in the raw headers, because `headers` holds only the first `Host`. */
function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 4 && name.toLowerCase() === 'host') {
      hosts += 1;
    }
  }
  return hosts;
}
