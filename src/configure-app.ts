import { Logger, type CanActivate } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { logAccess } from './http/access-log.js';
import { serveDashboard } from './dashboard/serve-dashboard.js';
import { allowOrigins } from './edge/cors.js';
import { hardenServer } from './edge/harden-server.js';
import { HttpServerOptions } from './edge/http-server.options.js';
import { setSecurityHeaders } from './edge/security-headers.js';
import { answerClientErrors } from './http/client-error.js';
import { keepConstraintsByClass } from './http/constraint-instances.js';
import { nameRequests } from './http/request-context.js';
import { REQUEST_LIMIT } from './rate-limit/rate-limit.module.js';
import { AuthOptions } from './security/auth.options.js';
import { AccessGuard } from './security/access.guard.js';
import { Authenticator } from './security/authenticator.js';
import { askWho } from './security/who-asks.js';
import { LoggingOptions } from './logging/logging.options.js';
import { HttpMetrics } from './metrics/http-metrics.js';
import { serveDocs } from './openapi/serve-docs.js';
import { traceRequests } from './tracing/trace-requests.js';
import { TracingOptions } from './tracing/tracing.options.js';

/**
 * What the service sets on its HTTP server beyond its modules; tests set the same. Call before `init`. A guard that lets everything
 * pass would cost every request two turns: there is none where nothing is guarded.
 */
export function configureApp(app: NestExpressApplication): void {
  keepConstraintsByClass();
  app.disable('x-powered-by');
  app.disable('etag');
  const server = app.get(HttpServerOptions);
  app.set('trust proxy', server.trustProxy);
  hardenServer(app.getHttpServer(), server, new Logger('Http'));
  answerClientErrors(app.getHttpServer());
  app.use(nameRequests);
  if (app.get(TracingOptions).otlpEndpoint !== undefined) {
    app.use(traceRequests);
  }
  app.use(app.get(HttpMetrics).measure);
  if (app.get(LoggingOptions).level === 'DEBUG') {
    app.use(logAccess(new Logger('Http')));
  }
  app.use(setSecurityHeaders);
  allowOrigins(app, server.corsOrigins);
  if (app.get(AuthOptions).isEnabled) {
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
