import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ConnectionMetrics } from './connection-metrics.js';
import { GateMetrics } from './gate-metrics.js';
import { HttpMetrics } from './http-metrics.js';
import { IntakeMetrics } from './intake-metrics.js';
import { Metrics } from './metrics.js';
import { RateLimitMetrics } from './rate-limit-metrics.js';
import { StoreMetrics } from './store-metrics.js';
import { UpstreamMetrics } from './upstream-metrics.js';
import { WebhookMetrics } from './webhook-metrics.js';

const MEASURES = [
  ConnectionMetrics,
  HttpMetrics,
  IntakeMetrics,
  RateLimitMetrics,
  UpstreamMetrics,
  WebhookMetrics,
];

/** What is counted and timed as it happens, for the modules where it happens. */
@Global()
@Module({
  providers: [
    Metrics,
    ...MEASURES.map((measure) => ({
      provide: measure,
      inject: [Metrics],
      useFactory: (metrics: Metrics) => new measure(metrics),
    })),
    {
      provide: GateMetrics,
      inject: [Metrics, Config],
      useFactory: (metrics: Metrics, config: Config) => new GateMetrics(metrics, config.batchDelayMs),
    },
    {
      provide: StoreMetrics,
      inject: [Metrics, IntakeMetrics, GateMetrics, RateLimitMetrics, WebhookMetrics],
      useFactory: (
        metrics: Metrics,
        intake: IntakeMetrics,
        gate: GateMetrics,
        rateLimit: RateLimitMetrics,
        webhooks: WebhookMetrics,
      ) =>
        new StoreMetrics(metrics, {
          ingestions: intake.hooks,
          dispatches: gate.hooks,
          rateLimits: rateLimit.hooks,
          deliveries: webhooks.hooks,
        }),
    },
  ],
  exports: [Metrics, GateMetrics, StoreMetrics, ...MEASURES],
})
export class MetricsModule {}
