import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { AuthenticatedClient } from '../../domain/authenticated-client.js';
import type { RequestTrace } from '../../domain/request-trace.js';
import { Runtime } from '../../domain/runtime.js';

/** The context of the request in progress, available in all its asynchronous work. */
export interface RequestContext {
  readonly requestId: string;
  readonly request: Request;
  /** The authenticated client; absent before authentication. */
  client?: AuthenticatedClient;
  /** The key or token that was verified; absent before authentication. It is secret. */
  credential?: string;
  /** The trace of the request; absent if tracing is disabled. */
  trace?: RequestTrace;
}

export const REQUEST_ID_HEADER = 'X-Request-Id';

/** Ids that are safe in a header, a log line and a URL. */
const VALID_REQUEST_ID = /^[\w.:+/=@-]{1,128}$/;

const PREFIX_BYTES = 9;

const storage = new AsyncLocalStorage<RequestContext>();

/** Returns the context of the current request; undefined outside a request. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** Assigns ids to requests. They are unique over all replicas, without the cost of random bytes per request. */
@Injectable()
export class RequestIds {
  private readonly prefix: string;
  private count = 0;

  constructor(runtime: Runtime) {
    this.prefix = runtime.randomBytes(PREFIX_BYTES).toString('base64url');
  }

  /** Middleware that assigns an id to every request: the client's own if it is valid. The response returns it. */
  readonly assign = (request: Request, response: Response, next: NextFunction): void => {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && VALID_REQUEST_ID.test(given) ? given : this.create();
    response.setHeader(REQUEST_ID_HEADER, requestId);
    storage.run({ requestId, request }, next);
  };

  /** Returns a new id. */
  create(): string {
    this.count += 1;
    return `${this.prefix}.${this.count.toString(36)}`;
  }
}
