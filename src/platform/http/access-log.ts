import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Runtime } from '../../domain/runtime.js';

/** Logs one line per request, when it is answered or its client has disconnected. */
export function logAccess(
  logger: Logger,
  runtime: Runtime,
): (request: Request, response: Response, next: NextFunction) => void {
  return (request, response, next) => {
    const startedAtMs = runtime.monotonicMs();
    const { method, path } = request;
    const log = (): void => {
      logger.debug({
        msg: `${method} ${path} ${response.writableFinished ? String(response.statusCode) : 'was left'}`,
        duration_ms: Math.round(runtime.monotonicMs() - startedAtMs),
      });
    };
    response.once('close', AsyncLocalStorage.bind(log)); // the event runs in the context of the connection
    next();
  };
}
