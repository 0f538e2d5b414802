import type { NextFunction, Request, Response } from 'express';
import { currentRequest } from '../telemetry/request-context.js';
import { parseTraceparent } from '../telemetry/traceparent.js';

/** Stores the trace of a request in its context. */
export function traceRequests(request: Request, _response: Response, next: NextFunction): void {
  const context = currentRequest();
  if (context !== undefined) {
    context.trace = { parent: parseTraceparent(request.headers['traceparent']) };
  }
  next();
}
