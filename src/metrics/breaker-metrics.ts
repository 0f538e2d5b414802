import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { DEFAULT_LANE } from '../ingestion/lane.js';
import type { Breaker } from '../scheduler/breaker.js';
import type { Metrics } from './metrics.js';

/** Whether the breaker keeps dispatches back. */
@Injectable()
export class BreakerMetrics {
  constructor({ registry }: Metrics, breaker: Breaker) {
    new Gauge({
      name: 'sluice_breaker_open',
      help: '1 while nothing, or one try, is sent because the upstream fails, as this process sees it.',
      labelNames: ['lane'],
      registers: [registry],
      collect() {
        this.set({ lane: DEFAULT_LANE }, breaker.report().state === 'closed' ? 0 : 1);
      },
    });
  }
}
