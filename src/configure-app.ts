import { Logger, type CanActivate } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { logAccess } from './platform/http/access-log.js';
import { serveDashboard } from './dashboard/serve-dashboard.js';
import { allowOrigins } from './platform/http/cors.js';
import { hardenServer } from './platform/http/server-limits.js';
import { HttpServerOptions } from './platform/http/http-server.options.js';
import { setSecurityHeaders } from './platform/http/security-headers.js';
import { answerClientErrors } from './platform/http/http-parse-errors.js';
import { keepConstraintsByClass } from './platform/http/class-validator-container.js';
import { nameRequests } from './platform/http/request-context.js';
import { REQUEST_LIMIT } from './platform/rate-limit/rate-limit.module.js';
import { AuthOptions } from './platform/auth/auth.options.js';
import { AccessGuard } from './platform/auth/scope.guard.js';
import { Authenticator } from './platform/auth/authenticator.js';
import { askWho } from './platform/auth/authentication.middleware.js';
import { LoggingOptions } from './platform/logging/logging.options.js';
import { HttpMetrics } from './platform/telemetry/http-metrics.js';
import { serveDocs } from './platform/openapi/docs.routes.js';
import { traceRequests } from './platform/http/trace-requests.js';
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
