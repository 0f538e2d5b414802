import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { StoreProbe } from '../health/store-probe.js';
import { EventLoopDelay } from '../../platform/lifecycle/event-loop-delay.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';

/** Gauges of the store and the process, read at each scrape. */
@Injectable()
export class ServiceMetrics {
  private readonly up: Gauge;
  private readonly free: Gauge;
  private readonly used: Gauge;
  private readonly schema: Gauge;

  constructor(
    { registry }: MetricsRegistry,
    private readonly probe: StoreProbe,
    loopDelay: EventLoopDelay,
  ) {
    const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
    this.up = gauge('sluice_store_up', '1 while the store is available.');
    this.free = gauge('sluice_store_free_bytes', 'Free bytes in the file system of the embedded store.');
    this.used = gauge('sluice_store_used_bytes', 'Bytes used by the embedded store.');
    this.schema = gauge(
      'sluice_store_schema_version',
      'The number of the last migration that ran on the store.',
    );
    new Gauge({
      name: 'sluice_event_loop_delay_seconds',
      help: 'Delay of the event loop: the 99th percentile of the last ten to twenty seconds.',
      registers: [registry],
      collect() {
        this.set(loopDelay.p99Ms / 1000);
      },
    });
  }

  /**
   * Reads the gauges.
   * @throws StoreUnavailableError
   */
  async collect(): Promise<void> {
    this.up.set(0);
    for (const gauge of [this.free, this.used, this.schema]) {
      gauge.remove();
    }
    this.probe.check();
    const { schemaVersion, freeBytes, usedBytes } = this.probe.condition();
    this.up.set(1);
    this.schema.set(schemaVersion);
    if (freeBytes !== null && usedBytes !== null) {
      this.free.set(freeBytes);
      this.used.set(usedBytes);
    }
  }
}
