import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';

/** Gauges of the circuit breakers. */
@Injectable()
export class BreakerMetrics {
  constructor({ registry }: MetricsRegistry, laneRegistry: LaneRegistry) {
    new Gauge({
      name: 'sluice_breaker_open',
      help: '1 while nothing, or only a probe, is sent because the upstream fails, as this process sees it.',
      labelNames: ['lane'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { options, breaker } of laneRegistry.lanes) {
          this.set({ lane: options.name }, breaker.status().state === 'closed' ? 0 : 1);
        }
      },
    });
  }
}
