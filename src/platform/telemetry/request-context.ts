import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { AuthenticatedClient } from '../../domain/authenticated-client.js';
import type { RequestTrace } from '../../domain/request-trace.js';

/** The context of the request in progress, available in all its asynchronous work. */
export interface RequestContext {
  readonly requestId: string;
  /** The authenticated client; absent before authentication. */
  client?: AuthenticatedClient;
  /** The trace of the request; absent if tracing is disabled. */
  trace?: RequestTrace;
}

export const REQUEST_ID_HEADER = 'X-Request-Id';

/** Ids that are safe in a header, a log line and a URL. */
const VALID_REQUEST_ID = /^[\w.:+/=@-]{1,128}$/;

const storage = new AsyncLocalStorage<RequestContext>();

/** Returns the context of the current request; undefined outside a request. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** Assigns an id to every request: the client's own if it is valid. The response returns it. */
export function assignRequestId(request: Request, response: Response, next: NextFunction): void {
  const requestId = requestIdFrom(request.headers['x-request-id']);
  response.setHeader(REQUEST_ID_HEADER, requestId);
  storage.run({ requestId }, next);
}

/** Returns the id of the client if it is valid, a new one otherwise. */
export function requestIdFrom(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && VALID_REQUEST_ID.test(given) ? given : newRequestId();
}

const processPrefix = randomBytes(9).toString('base64url');
let requestCount = 0;

/** Returns an id that is unique over all replicas, without the cost of random bytes per request. */
function newRequestId(): string {
  requestCount += 1;
  return `${processPrefix}.${requestCount.toString(36)}`;
}
