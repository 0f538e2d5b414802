import { Logger, type CanActivate } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Config } from './config/config.js';
import { logAccess } from './http/access-log.js';
import { serveDashboard } from './dashboard/serve-dashboard.js';
import { allowOrigins } from './edge/cors.js';
import { hardenServer } from './edge/harden-server.js';
import { setSecurityHeaders } from './edge/security-headers.js';
import { answerClientErrors } from './http/client-error.js';
import { keepConstraintsByClass } from './http/constraint-instances.js';
import { nameRequests } from './http/request-context.js';
import { REQUEST_LIMIT } from './rate-limit/rate-limit.module.js';
import { isAccessLimited } from './security/access-config.js';
import { AccessGuard } from './security/access.guard.js';
import { Authenticator } from './security/authenticator.js';
import { askWho } from './security/who-asks.js';
import { HttpMetrics } from './metrics/http-metrics.js';
import { serveDocs } from './openapi/serve-docs.js';
import { traceRequests } from './tracing/trace-requests.js';

/**
 * What the service sets on its HTTP server beyond its modules; tests set the same. Call before `init`. A guard that lets everything
 * pass would cost every request two turns: there is none where nothing is guarded.
 */
export function configureApp(app: NestExpressApplication): void {
  keepConstraintsByClass();
  app.disable('x-powered-by');
  app.disable('etag');
  const { access, edge, logLevel, otlpEndpoint } = app.get(Config);
  app.set('trust proxy', edge.trustProxy);
  hardenServer(app.getHttpServer(), edge, new Logger('Http'));
  answerClientErrors(app.getHttpServer());
  app.use(nameRequests);
  if (otlpEndpoint !== undefined) {
    app.use(traceRequests);
  }
  app.use(app.get(HttpMetrics).measure);
  if (logLevel === 'DEBUG') {
    app.use(logAccess(new Logger('Http')));
  }
  app.use(setSecurityHeaders);
  allowOrigins(app, edge.corsOrigins);
  if (isAccessLimited(access)) {
    app.use(askWho(app.get(Authenticator)));
    app.useGlobalGuards(app.get(AccessGuard));
  }
  const requestLimit = app.get<CanActivate | null>(REQUEST_LIMIT);
  if (requestLimit !== null) {
    app.useGlobalGuards(requestLimit);
  }
  serveDocs(app);
  serveDashboard(app);
}

/** How the application is made: bodies are read only where an endpoint wants one. */
export const APP_OPTIONS = { bodyParser: false } as const;
