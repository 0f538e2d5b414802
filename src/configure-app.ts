import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Config } from './config/config.js';
import { logAccess } from './http/access-log.js';
import { serveDashboard } from './dashboard/serve-dashboard.js';
import { answerClientErrors } from './http/client-error.js';
import { nameRequests } from './http/request-context.js';
import { HttpMetrics } from './metrics/http-metrics.js';
import { serveDocs } from './openapi/serve-docs.js';

/** What the service sets on its HTTP server beyond its modules; tests set the same. Call before `init`. */
export function configureApp(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.disable('etag');
  answerClientErrors(app.getHttpServer());
  app.use(nameRequests);
  app.use(app.get(HttpMetrics).measure);
  if (app.get(Config).logLevel === 'DEBUG') {
    app.use(logAccess(new Logger('Http')));
  }
  serveDocs(app);
  serveDashboard(app);
}

/** How the application is made: bodies are read only where an endpoint wants one. */
export const APP_OPTIONS = { bodyParser: false } as const;
