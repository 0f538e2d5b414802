import type { NestExpressApplication } from '@nestjs/platform-express';
import { answerClientErrors } from './http/client-error.js';
import { serveDocs } from './openapi/serve-docs.js';

/** What the service sets on its HTTP server beyond its modules; tests set the same. Call before `init`. */
export function configureApp(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.disable('etag');
  answerClientErrors(app.getHttpServer());
  serveDocs(app);
}

/** How the application is made: bodies are read only where an endpoint wants one. */
export const APP_OPTIONS = { bodyParser: false } as const;
