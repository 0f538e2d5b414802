import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Gauge, Histogram } from 'prom-client';
import { MetricsRegistry, type Timer } from './metrics.registry.js';
import { Runtime } from '../../domain/runtime.js';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Measures HTTP requests by method, route and status code. */
@Injectable()
export class HttpMetrics {
  private readonly seconds: Histogram<'method' | 'route' | 'code'>;
  private inFlight = 0;
  /** The series by its labels, so that a request needs one map lookup. */
  private readonly timers = new Map<string, Timer>();

  constructor(
    { registry }: MetricsRegistry,
    private readonly runtime: Runtime,
  ) {
    this.seconds = new Histogram({
      name: 'sluice_http_request_seconds',
      help: 'Time to the end of the response; code 499 if the client disconnected before.',
      labelNames: ['method', 'route', 'code'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    });
    const readInFlight = (): number => this.inFlight;
    new Gauge({
      name: 'sluice_http_requests_under_way',
      help: 'Requests in flight, including event streams.',
      registers: [registry],
      collect() {
        this.set(readInFlight());
      },
    });
  }

  /** Middleware that measures every request. */
  readonly measure = (request: Request, response: Response, next: NextFunction): void => {
    const startedAtMs = this.runtime.monotonicMs();
    this.inFlight += 1;
    response.on('close', () => {
      this.inFlight -= 1;
      const code = response.writableFinished ? response.statusCode : 499;
      const tookMs = this.runtime.monotonicMs() - startedAtMs;
      this.timerFor(request.method, toRoute(request), code).observe(tookMs / 1000);
    });
    next();
  };

  private timerFor(method: string, route: string, code: number): Timer {
    const key = `${method} ${route} ${String(code)}`;
    let timer = this.timers.get(key);
    if (timer === undefined) {
      timer = this.seconds.labels({
        method: METHODS.has(method) ? method : 'other',
        route,
        code: String(code),
      });
      if (METHODS.has(method)) {
        this.timers.set(key, timer);
      }
    }
    return timer;
  }
}

/** Returns the pattern of the route, not the path: the number of patterns is bounded. */
function toRoute(request: Request): string {
  const route = request.route as { readonly path: unknown } | undefined;
  if (route === undefined) {
    return 'none';
  }
  return typeof route.path === 'string' ? route.path : 'page';
}
