import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Application, type RequestHandler } from 'express';
import { registerStaticRoutes } from '../http/static-routes.js';

const PAGES = fileURLToPath(new URL('./pages/', import.meta.url));
/** The files of Swagger UI that the page needs. The package holds no others of it. */
const SWAGGER_UI_FILES = [
  fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui.css')),
  fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
  fileURLToPath(import.meta.resolve('swagger-ui-dist/favicon-32x32.png')),
] as const;
const SWAGGER_UI = dirname(SWAGGER_UI_FILES[0]);
const REDOC = fileURLToPath(import.meta.resolve('redoc/bundles/redoc.standalone.js'));
/** The only resource that ReDoc would load from another host. */
const REDOC_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

const STATIC = { index: false, redirect: false, maxAge: '1h' };

/** Serves `/docs` (Swagger UI), `/redoc` and `/openapi.json`, all from this service alone. */
export function registerDocsRoutes(server: Application, buildDocument: () => string): void {
  registerStaticRoutes(
    server,
    new Map([
      ['/openapi.json', documentFor(buildDocument)],
      ['/docs', page('docs.html')],
      ['/redoc', page('redoc.html')],
      ['/redoc/assets/redoc.standalone.js', redocScript()],
    ]),
  );
  server.use('/docs/pages', express.static(PAGES, STATIC));
  server.use('/docs/assets', express.static(SWAGGER_UI, STATIC));
}

function documentFor(buildDocument: () => string): RequestHandler {
  let document: string | undefined;
  return (_request, response) => {
    document ??= buildDocument();
    response.type('application/json').send(document);
  };
}

function page(file: string): RequestHandler {
  return (_request, response) => {
    response.sendFile(file, { root: PAGES });
  };
}

function redocScript(): RequestHandler {
  let script: string | undefined;
  return (_request, response) => {
    script ??= readFileSync(REDOC, 'utf8').replaceAll(REDOC_LOGO, './docs/assets/favicon-32x32.png');
    response.type('text/javascript').set('Cache-Control', 'public, max-age=3600').send(script);
  };
}
