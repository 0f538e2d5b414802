import { Logger, Module, type NestModule } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import type { ExpressAdapter } from '@nestjs/platform-express';
import type { Application } from 'express';
import { registerDashboardRoutes } from './operations/dashboard/dashboard.routes.js';
import { TracingOptions } from './operations/tracing/tracing.options.js';
import { AuthModule } from './platform/auth/auth.module.js';
import { AuthOptions } from './platform/auth/auth.options.js';
import { authenticate } from './platform/auth/authentication.middleware.js';
import { Authenticator } from './platform/auth/authenticator.js';
import { ScopeGuard } from './platform/auth/scope.guard.js';
import { logAccess } from './platform/http/access-log.js';
import { chainMiddleware } from './platform/http/chain-middleware.js';
import { cacheConstraintInstances } from './platform/http/class-validator-container.js';
import { enableCors } from './platform/http/cors.js';
import { handleHttpParseErrors } from './platform/http/http-parse-errors.js';
import { checkRequestHead, deferHeadChecks } from './platform/http/request-head.middleware.js';
import { HttpServerOptions } from './platform/http/http-server.options.js';
import { rejectCrossSiteChanges } from './platform/http/reject-cross-site-changes.js';
import { rejectUnknownHosts } from './platform/http/reject-unknown-hosts.js';
import { RequestIds } from './platform/telemetry/request-context.js';
import { setSecurityHeaders } from './platform/http/security-headers.js';
import { applyServerLimits } from './platform/http/server-limits.js';
import { traceRequests } from './platform/http/trace-requests.js';
import { LoggingOptions } from './platform/logging/logging.options.js';
import { buildDocument } from './platform/openapi/document.js';
import { registerDocsRoutes } from './platform/openapi/docs.routes.js';
import { RateLimitGuard } from './platform/rate-limit/rate-limit.guard.js';
import { RateLimitOptions } from './platform/rate-limit/rate-limit.options.js';
import { HttpMetrics } from './platform/telemetry/http-metrics.js';
import { Runtime } from './domain/runtime.js';
import { WEBHOOK_MESSAGES } from './webhooks/dto/messages.openapi.js';

/**
 * Sets up the HTTP server: limits, middleware in its order, guards, documents and dashboard. Nest calls `configure`
 * before it registers the routes. The middleware is Express's own, and a guard is bound only where it guards something: a
 * guard that lets every request pass costs each of them two turns of the event loop.
 */
@Module({ imports: [AuthModule], providers: [RequestIds] })
export class AppHttpModule implements NestModule {
  private readonly logger = new Logger('Http');

  constructor(
    private readonly adapterHost: HttpAdapterHost<ExpressAdapter>,
    private readonly config: ApplicationConfig,
    private readonly modules: ModulesContainer,
    private readonly server: HttpServerOptions,
    private readonly logging: LoggingOptions,
    private readonly tracing: TracingOptions,
    private readonly metrics: HttpMetrics,
    private readonly requestIds: RequestIds,
    private readonly runtime: Runtime,
    private readonly auth: AuthOptions,
    private readonly authenticator: Authenticator,
    private readonly scopeGuard: ScopeGuard,
    private readonly rateLimits: RateLimitOptions,
    private readonly rateLimitGuard: RateLimitGuard,
  ) {}

  configure(): void {
    const adapter = this.adapterHost.httpAdapter;
    cacheConstraintInstances();
    adapter.disable('x-powered-by');
    adapter.disable('etag');
    adapter.set('trust proxy', this.server.trustProxy);
    applyServerLimits(adapter.getHttpServer(), this.server, this.logger, this.runtime);
    handleHttpParseErrors(adapter.getHttpServer(), this.requestIds, this.runtime);
    deferHeadChecks(adapter.getHttpServer());
    this.addMiddleware(adapter);
    this.bindGuards();
    const express = adapter.getInstance<Application>();
    registerDocsRoutes(express, () =>
      buildDocument({
        modules: this.modules,
        config: this.config,
        adapter: this.adapterHost.httpAdapter,
        publicPath: this.server.publicPath,
        webhooks: WEBHOOK_MESSAGES,
      }),
    );
    registerDashboardRoutes(express, this.server.publicPath);
  }

  private addMiddleware(adapter: ExpressAdapter): void {
    adapter.use(
      chainMiddleware([
        this.requestIds.assign,
        ...(this.tracing.otlpEndpoint === undefined ? [] : [traceRequests]),
        this.metrics.measure,
        ...(this.logging.level === 'DEBUG' ? [logAccess(this.logger, this.runtime)] : []),
        setSecurityHeaders,
        checkRequestHead,
        ...(this.auth.isEnabled ? [] : [rejectUnknownHosts(this.server)]),
      ]),
    );
    enableCors(adapter, this.server.corsOrigins);
    adapter.use(
      chainMiddleware([
        ...(this.auth.isEnabled ? [authenticate(this.authenticator)] : []),
        rejectCrossSiteChanges(this.server, !this.auth.isEnabled),
      ]),
    );
  }

  private bindGuards(): void {
    if (this.auth.isEnabled) {
      this.config.useGlobalGuards(this.scopeGuard);
    }
    if (this.rateLimits.requestsPerMinute !== null) {
      this.config.useGlobalGuards(this.rateLimitGuard);
    }
  }
}
