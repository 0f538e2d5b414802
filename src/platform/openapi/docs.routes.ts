import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Application, RequestHandler } from 'express';
import { registerStaticRoutes } from '../http/static-routes.js';
import { compressedText } from './compressed-text.js';

const PAGES = fileURLToPath(new URL('./pages/', import.meta.url));
const PAGE_SCRIPTS = ['docs.js', 'exact-json.js', 'redoc.js'] as const;
/** The files of Swagger UI that the page needs. The package holds no others of it. */
const SWAGGER_UI_FILES = [
  fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui.css')),
  fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
  fileURLToPath(import.meta.resolve('swagger-ui-dist/favicon-32x32.png')),
] as const;
const REDOC = fileURLToPath(import.meta.resolve('redoc/bundles/redoc.standalone.js'));
/** The only resource that ReDoc would load from another host. */
const REDOC_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

/** The document and the pages may change with an upgrade at any time. */
const NO_CACHE = 'no-cache';
const ONE_HOUR = 'public, max-age=3600';

/** Serves `/docs` (Swagger UI), `/redoc` and `/openapi.json`, all from this service alone. */
export function registerDocsRoutes(server: Application, buildDocument: () => string): void {
  registerStaticRoutes(
    server,
    new Map([
      ['/openapi.json', compressedText('application/json', NO_CACHE, buildDocument)],
      ['/docs', page('docs.html')],
      ['/redoc', page('redoc.html')],
      ['/redoc/assets/redoc.standalone.js', compressedText('text/javascript', ONE_HOUR, readRedoc)],
      ...PAGE_SCRIPTS.map(
        (file) =>
          [
            `/docs/pages/${file}`,
            compressedText('text/javascript', NO_CACHE, () => readFileSync(PAGES + file)),
          ] as const,
      ),
      ...SWAGGER_UI_FILES.map(
        (path) =>
          [
            `/docs/assets/${basename(path)}`,
            compressedText(extname(path), ONE_HOUR, () => readFileSync(path)),
          ] as const,
      ),
    ]),
  );
}

function page(file: string): RequestHandler {
  return (_request, response) => {
    response.sendFile(file, { root: PAGES });
  };
}

function readRedoc(): string {
  return readFileSync(REDOC, 'utf8').replaceAll(REDOC_LOGO, './docs/assets/favicon-32x32.png');
}
