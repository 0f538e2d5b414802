import type { NextFunction, Request, Response } from 'express';
import { LAST_EVENT } from './status-event-builder.js';

/**
 * Answers a reconnect after the last event with 204, which stops an `EventSource` from reconnecting (HTML, section
 * 9.2.1).
 */
export function stopReconnect(request: Request, response: Response, next: NextFunction): void {
  if (request.get('last-event-id') === LAST_EVENT) {
    response.status(204).end();
  } else {
    next();
  }
}
