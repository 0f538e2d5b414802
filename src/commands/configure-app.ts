import { Logger, type CanActivate } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { logAccess } from '../platform/http/access-log.js';
import { registerDashboardRoutes } from '../operations/dashboard/dashboard.routes.js';
import { enableCors } from '../platform/http/cors.js';
import { applyServerLimits } from '../platform/http/server-limits.js';
import { HttpServerOptions } from '../platform/http/http-server.options.js';
import { setSecurityHeaders } from '../platform/http/security-headers.js';
import { handleHttpParseErrors } from '../platform/http/http-parse-errors.js';
import { cacheConstraintInstances } from '../platform/http/class-validator-container.js';
import { assignRequestId } from '../platform/telemetry/request-context.js';
import { REQUEST_LIMIT } from '../platform/rate-limit/rate-limit.module.js';
import { AuthOptions } from '../platform/auth/auth.options.js';
import { ScopeGuard } from '../platform/auth/scope.guard.js';
import { Authenticator } from '../platform/auth/authenticator.js';
import { authenticate } from '../platform/auth/authentication.middleware.js';
import { LoggingOptions } from '../platform/logging/logging.options.js';
import { HttpMetrics } from '../platform/telemetry/http-metrics.js';
import { registerDocsRoutes } from '../platform/openapi/docs.routes.js';
import { traceRequests } from '../platform/http/trace-requests.js';
import { TracingOptions } from '../operations/tracing/tracing.options.js';

/**
 * What the service sets on its HTTP server beyond its modules; tests set the same. Call before `init`. A guard that lets everything
 * pass would cost every request two turns: there is none where nothing is guarded.
 */
export function configureApp(app: NestExpressApplication): void {
  cacheConstraintInstances();
  app.disable('x-powered-by');
  app.disable('etag');
  const server = app.get(HttpServerOptions);
  app.set('trust proxy', server.trustProxy);
  applyServerLimits(app.getHttpServer(), server, new Logger('Http'));
  handleHttpParseErrors(app.getHttpServer());
  app.use(assignRequestId);
  if (app.get(TracingOptions).otlpEndpoint !== undefined) {
    app.use(traceRequests);
  }
  app.use(app.get(HttpMetrics).measure);
  if (app.get(LoggingOptions).level === 'DEBUG') {
    app.use(logAccess(new Logger('Http')));
  }
  app.use(setSecurityHeaders);
  enableCors(app, server.corsOrigins);
  if (app.get(AuthOptions).isEnabled) {
    app.use(authenticate(app.get(Authenticator)));
    app.useGlobalGuards(app.get(ScopeGuard));
  }
  const requestLimit = app.get<CanActivate | null>(REQUEST_LIMIT);
  if (requestLimit !== null) {
    app.useGlobalGuards(requestLimit);
  }
  registerDocsRoutes(app);
  registerDashboardRoutes(app);
}

/** How the application is made: bodies are read only where an endpoint wants one. */
export const APP_OPTIONS = { bodyParser: false } as const;
