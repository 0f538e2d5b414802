import { posix } from 'node:path';
import type { Application, NextFunction, Request, RequestHandler, Response } from 'express';

/**
 * Serves each of the paths with its handler, all as one route: a router asks one route after the other, and every
 * request would pay for each page and file that is not meant.
 */
export function registerStaticRoutes(
  server: Application,
  handlers: ReadonlyMap<string, RequestHandler>,
): void {
  const paths = [...handlers.keys()].map((path) => RegExp.escape(path));
  server.get(
    new RegExp(`^(?:${paths.join('|')})/?$`),
    (request: Request, response: Response, next: NextFunction) => {
      const handle = handlers.get(request.path);
      if (handle === undefined) {
        response.redirect(308, `../${posix.basename(request.path)}`); // a slash at its end: links would not hold
        return;
      }
      return handle(request, response, next);
    },
  );
}
