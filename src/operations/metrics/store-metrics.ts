import { Injectable } from '@nestjs/common';
import { Histogram } from 'prom-client';
import { operationLabel } from './operation-labels.js';
import { MetricsRegistry, type Timer } from '../../platform/telemetry/metrics.registry.js';
import { instrument, type OnCallEnd, type Hooks } from './instrument.js';
import { DispatchMetrics } from './dispatch-metrics.js';
import { IngestionMetrics } from './ingestion-metrics.js';
import { RateLimitMetrics } from './rate-limit-metrics.js';
import { WebhookMetrics } from './webhook-metrics.js';
import { Runtime } from '../../domain/runtime.js';

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The hooks into ports, by the name of the port. */
export type PortHooks = Readonly<Record<string, Hooks<object>>>;

/** Measures the duration of store operations. */
@Injectable()
export class StoreMetrics {
  private readonly seconds: Histogram<'operation' | 'result'>;
  private readonly hooks: PortHooks;

  constructor(
    { registry }: MetricsRegistry,
    intake: IngestionMetrics,
    gate: DispatchMetrics,
    rateLimit: RateLimitMetrics,
    webhooks: WebhookMetrics,
    private readonly runtime: Runtime,
  ) {
    this.hooks = {
      ingestions: intake.hooks,
      dispatches: gate.hooks,
      rateLimits: rateLimit.hooks,
      deliveries: webhooks.hooks,
    };
    this.seconds = new Histogram({
      name: 'sluice_store_operation_seconds',
      help: 'Duration of an operation of the store.',
      labelNames: ['operation', 'result'],
      buckets: SECONDS,
      registers: [registry],
    });
  }

  /** Wraps a port to measure its operations. */
  instrument<T extends object>(name: string, port: T): T {
    const ended = this.timerFor(toSnakeCase(name));
    return instrument(port, this.runtime, ended, this.hooks[name] as Hooks<T>);
  }

  /** Returns a timer that finds the series of an operation with one map lookup. */
  private timerFor(port: string): OnCallEnd {
    const known = new Map<string, { readonly ok: Timer; readonly error: Timer }>();
    return (method, seconds, isOk) => {
      let timers = known.get(method);
      if (timers === undefined) {
        const operation = operationLabel(`${port}.${toSnakeCase(method)}`);
        timers = {
          ok: this.seconds.labels({ operation, result: 'ok' }),
          error: this.seconds.labels({ operation, result: 'error' }),
        };
        known.set(method, timers);
      }
      timers[isOk ? 'ok' : 'error'].observe(seconds);
    };
  }
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
