import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

/** What a browser may do with an answer that is data: nothing but show it. */
const DATA_HEADERS = new Map([
  ['X-Content-Type-Options', 'nosniff'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
]);

/** Pages that are made to be shown, and what they load. */
const PAGE_PATHS = /^\/(?:$|docs$|redoc$|(?:docs|redoc|assets)\/)/;

/**
 * Everything from this service, no script within a page. Swagger UI, ReDoc and the dashboard set styles as they run;
 * pictures within styles come as data, and ReDoc searches in a worker that it makes itself.
 */
const setPageHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      workerSrc: ["'self'", 'blob:'],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
    },
  },
});

/**
 * Sets the headers that keep browsers from doing what they should not. Pages get all of helmet; other answers what
 * concerns them, written in advance, as this is done for every request.
 */
export function setSecurityHeaders(request: Request, response: Response, next: NextFunction): void {
  if (PAGE_PATHS.test(request.path)) {
    setPageHeaders(request, response, next);
    return;
  }
  response.setHeaders(DATA_HEADERS);
  next();
}
