import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { MetricsRegistry, type MetricsFormat } from '../../platform/telemetry/metrics.registry.js';
import { QueueMetrics } from './queue-metrics.js';
import { ServiceMetrics } from './service-metrics.js';
import { OutboxMetrics } from './webhook-metrics.js';

/** What has to be looked at for a scrape. */
export interface Look {
  /** What it cannot see it leaves out. */
  look(): Promise<void>;
}

/** A scraper gives up after ten seconds as a rule; a store that does not answer must not cost it the rest. */
const LOOK_TIMEOUT_MS = 2000;

/** All that is measured, at this moment. Its cost does not grow with what waits. */
@Injectable()
export class Scrape {
  private readonly looks: readonly Look[];
  private looking: Promise<void> | null = null;

  constructor(
    private readonly metricsRegistry: MetricsRegistry,
    service: ServiceMetrics,
    queue: QueueMetrics,
    outbox: OutboxMetrics,
  ) {
    this.looks = [service, queue, outbox];
  }

  async text(format: MetricsFormat): Promise<string> {
    await Promise.race([this.look(), sleep(LOOK_TIMEOUT_MS, undefined, { ref: false })]);
    return this.metricsRegistry.render(format);
  }

  /** Who scrapes at the same time shares the look. */
  private look(): Promise<void> {
    this.looking ??= this.lookAtAll().finally(() => {
      this.looking = null;
    });
    return this.looking;
  }

  private async lookAtAll(): Promise<void> {
    await Promise.allSettled(this.looks.map((look) => look.look()));
  }
}
