import { posix } from 'node:path';
import type { Application, NextFunction, Request, RequestHandler, Response } from 'express';

/**
 * Serves all paths as one route. A router checks its routes one after the other, so every other request would
 * otherwise pay for each page and file.
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
        response.redirect(308, `../${posix.basename(request.path)}`); // a path with a trailing slash would break relative links
        return;
      }
      return handle(request, response, next);
    },
  );
}
