import { Injectable } from '@nestjs/common';
import { MetricsRegistry, type MetricsFormat } from '../../platform/telemetry/metrics.registry.js';
import { QueueMetrics } from './queue-metrics.js';
import { ServiceMetrics } from './service-metrics.js';
import { OutboxMetrics } from './webhook-metrics.js';
import { Runtime } from '../../domain/runtime.js';

/** A source of metrics that must be read for a scrape. */
export interface Collector {
  /** Reads the metrics. Values that cannot be read are left out. */
  collect(): Promise<void>;
}

/**
 * Scrapers usually time out after ten seconds; a store that does not respond must not cost them the other
 * metrics.
 */
const COLLECT_TIMEOUT_MS = 2000;

/** Collects all metrics at this moment. The cost does not grow with the number of pending ids. */
@Injectable()
export class MetricsCollector {
  private readonly collectors: readonly Collector[];
  private collecting: Promise<void> | null = null;

  constructor(
    private readonly metricsRegistry: MetricsRegistry,
    service: ServiceMetrics,
    queue: QueueMetrics,
    outbox: OutboxMetrics,
    private readonly runtime: Runtime,
  ) {
    this.collectors = [service, queue, outbox];
  }

  async render(format: MetricsFormat): Promise<string> {
    await Promise.race([this.collectOnce(), this.runtime.sleep(COLLECT_TIMEOUT_MS, { ref: false })]);
    return this.metricsRegistry.render(format);
  }

  /** Collects all sources; concurrent scrapes share one run. */
  private collectOnce(): Promise<void> {
    this.collecting ??= this.collectAll().finally(() => {
      this.collecting = null;
    });
    return this.collecting;
  }

  private async collectAll(): Promise<void> {
    await Promise.allSettled(this.collectors.map((collector) => collector.collect()));
  }
}
