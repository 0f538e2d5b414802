import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { AuthenticatedClient } from '../../domain/authenticated-client.js';
import type { RequestTrace } from '../../domain/request-trace.js';

/** What belongs to the request that is being answered, wherever its work goes on. */
export interface RequestContext {
  readonly requestId: string;
  /** Who asks, once that is known. */
  client?: AuthenticatedClient;
  /** Only where traces are kept. */
  trace?: RequestTrace;
}

export const REQUEST_ID_HEADER = 'X-Request-Id';

/** Fit to stand in a header, a log line and a URL. */
const VALID_REQUEST_ID = /^[\w.:+/=@-]{1,128}$/;

const storage = new AsyncLocalStorage<RequestContext>();

/** Undefined in work that belongs to no request. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** Names every request: by its client where that did so in a usable way. The answer tells the name. */
export function assignRequestId(request: Request, response: Response, next: NextFunction): void {
  const requestId = requestIdFrom(request.headers['x-request-id']);
  response.setHeader(REQUEST_ID_HEADER, requestId);
  storage.run({ requestId }, next);
}

/** The name that the client gave where it is usable, a new one otherwise. */
export function requestIdFrom(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && VALID_REQUEST_ID.test(given) ? given : newRequestId();
}

const processPrefix = randomBytes(9).toString('base64url');
let requestCount = 0;

/** Unique over all replicas, without the cost of random bytes for each. */
function newRequestId(): string {
  requestCount += 1;
  return `${processPrefix}.${requestCount.toString(36)}`;
}
