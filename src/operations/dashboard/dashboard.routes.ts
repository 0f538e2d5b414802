import { fileURLToPath } from 'node:url';
import type { Application, RequestHandler } from 'express';
import { serveStaticContent } from '../../platform/http/static-content.js';
import { registerStaticRoutes } from '../../platform/http/static-routes.js';
import { loadStaticAssets, type StaticAsset } from './static-assets.js';

const FOLDER = fileURLToPath(new URL('../../web/', import.meta.url));
const INDEX = 'index.html';
/** The folder of files whose names contain a hash of their content, so they can be cached for ever. */
const HASHED_NAME = 'assets/';

/**
 * Serves the built dashboard: its page at `/` and its assets. Its routes are after the `#`, so it works under
 * any path prefix and affects no other path.
 */
export function registerDashboardRoutes(server: Application, publicPath: string): void {
  const files = [...loadStaticAssets(FOLDER)].map(
    ([path, file]) =>
      [path, path === INDEX && publicPath !== '' ? withBase(file, publicPath) : file] as const,
  );
  if (files.length === 0) {
    return; // the dashboard was not built
  }
  registerStaticRoutes(
    server,
    new Map(files.map(([path, file]) => [path === INDEX ? '/' : `/${path}`, serve(path, file)])),
  );
}

/** Adds a `<base>` to the page, so that its links also work at a path that does not end with a slash. */
function withBase({ type, plain }: StaticAsset, publicPath: string): StaticAsset {
  const page = plain.toString('utf8').replace('<head>', `<head><base href="${publicPath}/">`);
  return { type, plain: Buffer.from(page), encoded: new Map() };
}

function serve(path: string, { type, plain, encoded }: StaticAsset): RequestHandler {
  return serveStaticContent({
    type,
    cacheControl: path.startsWith(HASHED_NAME) ? 'public, max-age=31536000, immutable' : 'no-cache',
    plain,
    encodedBy: (encoding) => encoded.get(encoding),
  });
}
