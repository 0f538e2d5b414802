import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Lanes } from '../scheduler/lanes/lane-registry.js';
import { MetricsRegistry } from '../platform/telemetry/metrics.registry.js';

/** Whether the breaker keeps dispatches back. */
@Injectable()
export class BreakerMetrics {
  constructor({ registry }: MetricsRegistry, lanes: Lanes) {
    new Gauge({
      name: 'sluice_breaker_open',
      help: '1 while nothing, or one try, is sent because the upstream fails, as this process sees it.',
      labelNames: ['lane'],
      registers: [registry],
      collect() {
        for (const { settings, breaker } of lanes.gates) {
          this.set({ lane: settings.name }, breaker.report().state === 'closed' ? 0 : 1);
        }
      },
    });
  }
}
