import { Global, Module } from '@nestjs/common';
import { ConnectionMetrics } from '../../platform/telemetry/connection-metrics.js';
import { DispatchMetrics } from './dispatch-metrics.js';
import { HttpMetrics } from '../../platform/telemetry/http-metrics.js';
import { IngestionMetrics } from './ingestion-metrics.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import { RateLimitMetrics } from './rate-limit-metrics.js';
import { StoreMetrics } from './store-metrics.js';
import { UpstreamMetrics } from './upstream-metrics.js';
import { WebhookMetrics } from './webhook-metrics.js';

const METRICS = [
  MetricsRegistry,
  ConnectionMetrics,
  DispatchMetrics,
  HttpMetrics,
  IngestionMetrics,
  RateLimitMetrics,
  StoreMetrics,
  UpstreamMetrics,
  WebhookMetrics,
];

/** Provides metrics that are counted as events happen, for the modules where they happen. */
@Global()
@Module({ providers: METRICS, exports: METRICS })
export class MetricsModule {}
