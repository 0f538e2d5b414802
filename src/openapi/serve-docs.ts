import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type Application, type Request, type Response } from 'express';
import { buildDocument } from './document.js';

const PAGES = fileURLToPath(new URL('./pages/', import.meta.url));
const SWAGGER_UI = folderOf('swagger-ui-dist/package.json');
const REDOC = fileURLToPath(import.meta.resolve('redoc/bundles/redoc.standalone.js'));
/** The one thing that ReDoc would fetch from another host. */
const REDOC_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

const STATIC = { index: false, redirect: false, maxAge: '1h' };

/** Serves `/docs` (Swagger UI), `/redoc` and `/openapi.json`, all from this service alone. */
export function serveDocs(app: NestExpressApplication): void {
  const server = app.getHttpAdapter().getInstance() as Application;
  let document: string | undefined;
  server.get('/openapi.json', (_request: Request, response: Response) => {
    document ??= buildDocument(app);
    response.type('application/json').send(document);
  });
  servePage(server, '/docs', 'docs.html');
  servePage(server, '/redoc', 'redoc.html');
  server.use('/docs/pages', express.static(PAGES, STATIC));
  server.use('/docs/assets', express.static(SWAGGER_UI, STATIC));
  serveRedoc(server);
}

function servePage(server: Application, path: string, file: string): void {
  server.get(path, (_request: Request, response: Response) => {
    response.sendFile(file, { root: PAGES });
  });
}

function serveRedoc(server: Application): void {
  let script: string | undefined;
  server.get('/redoc/assets/redoc.standalone.js', (_request: Request, response: Response) => {
    script ??= readFileSync(REDOC, 'utf8').replaceAll(REDOC_LOGO, './docs/assets/favicon-32x32.png');
    response.type('text/javascript').set('Cache-Control', 'public, max-age=3600').send(script);
  });
}

function folderOf(file: string): string {
  return dirname(fileURLToPath(import.meta.resolve(file)));
}
