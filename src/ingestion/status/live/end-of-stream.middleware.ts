import type { NextFunction, Request, Response } from 'express';
import { LAST_EVENT } from './status-event-builder.js';

/** An `EventSource` connects again when its stream ends; 204 tells it that there is nothing more (HTML, section 9.2.1). */
export function stopReconnect(request: Request, response: Response, next: NextFunction): void {
  if (request.get('last-event-id') === LAST_EVENT) {
    response.status(204).end();
  } else {
    next();
  }
}
