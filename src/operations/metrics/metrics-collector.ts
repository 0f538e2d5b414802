import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { MetricsRegistry, type MetricsFormat } from '../../platform/telemetry/metrics.registry.js';
import { QueueMetrics } from './queue-metrics.js';
import { ServiceMetrics } from './service-metrics.js';
import { OutboxMetrics } from './webhook-metrics.js';

/** What has to be looked at for a scrape. */
export interface Collector {
  /** What it cannot see it leaves out. */
  collect(): Promise<void>;
}

/** A scraper gives up after ten seconds as a rule; a store that does not answer must not cost it the rest. */
const COLLECT_TIMEOUT_MS = 2000;

/** All that is measured, at this moment. Its cost does not grow with what waits. */
@Injectable()
export class MetricsCollector {
  private readonly collectors: readonly Collector[];
  private collecting: Promise<void> | null = null;

  constructor(
    private readonly metricsRegistry: MetricsRegistry,
    service: ServiceMetrics,
    queue: QueueMetrics,
    outbox: OutboxMetrics,
  ) {
    this.collectors = [service, queue, outbox];
  }

  async render(format: MetricsFormat): Promise<string> {
    await Promise.race([this.collectOnce(), sleep(COLLECT_TIMEOUT_MS, undefined, { ref: false })]);
    return this.metricsRegistry.render(format);
  }

  /** Who scrapes at the same time shares the look. */
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
