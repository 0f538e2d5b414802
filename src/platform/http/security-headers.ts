import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

/** The headers of data: a browser may only display it, and no cache stores it. An endpoint may allow more. */
const DATA_HEADERS = new Map([
  ['X-Content-Type-Options', 'nosniff'],
  ['Cache-Control', 'no-store'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
]);

/** Pages, and the files that they load. */
const PAGE_PATHS = /^\/(?:$|docs$|redoc$|(?:docs|redoc|assets)\/)/;

/**
 * The policy of pages: everything from this service, no inline scripts. Swagger UI, ReDoc and the dashboard
 * set styles at run time; images in styles are data URLs, and ReDoc searches in a worker that it creates
 * itself.
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
      baseUri: ["'self'"], // the dashboard names its folder behind PUBLIC_PATH
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
    },
  },
});

/**
 * Sets the security headers. Pages get all headers of helmet; other responses get a fixed set, because it is
 * done for every request.
 */
export function setSecurityHeaders(request: Request, response: Response, next: NextFunction): void {
  if (PAGE_PATHS.test(request.path)) {
    setPageHeaders(request, response, next);
    return;
  }
  response.setHeaders(DATA_HEADERS);
  next();
}
