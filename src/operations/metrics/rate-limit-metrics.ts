import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import {
  RATE_LIMIT_TYPES,
  typeOfKey,
  type RateLimitStore,
} from '../../platform/rate-limit/rate-limit.store.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import type { Hooks } from './instrument.js';

/** Who asks for more than he may. */
@Injectable()
export class RateLimitMetrics {
  private readonly refusals: Counter<'limit'>;

  /** To be told of the store's work. */
  readonly hooks: Hooks<RateLimitStore> = {
    consume: ({ isAllowed }, { key }) => {
      if (!isAllowed) {
        this.refusals.inc({ limit: typeOfKey(key) });
      }
    },
  };

  constructor({ registry }: MetricsRegistry) {
    this.refusals = new Counter({
      name: 'sluice_rate_limit_refusals_total',
      help: 'Requests that were refused because their client was over its limit of requests or of ids.',
      labelNames: ['limit'],
      registers: [registry],
    });
    for (const limit of RATE_LIMIT_TYPES) {
      this.refusals.inc({ limit }, 0);
    }
  }
}
