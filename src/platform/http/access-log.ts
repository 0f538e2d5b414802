import type { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/** Logs one line per request, when it is answered or its client has disconnected. */
export function logAccess(
  logger: Logger,
): (request: Request, response: Response, next: NextFunction) => void {
  return (request, response, next) => {
    const startedAtMs = performance.now();
    const { method, path } = request;
    response.once('close', () => {
      logger.debug({
        msg: `${method} ${path} ${response.writableFinished ? String(response.statusCode) : 'was left'}`,
        duration_ms: Math.round(performance.now() - startedAtMs),
      });
    });
    next();
  };
}
