import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import {
  RATE_LIMIT_TYPES,
  typeOfKey,
  type RateLimitStore,
} from '../../platform/rate-limit/rate-limit.store.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import type { Hooks } from './instrument.js';

/** Counts requests that exceeded a rate limit. */
@Injectable()
export class RateLimitMetrics {
  private readonly refusals: Counter<'limit'>;

  /** Hooks into the rate limit store. */
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
      help: 'Requests that were rejected because their client exceeded its limit of requests or ids.',
      labelNames: ['limit'],
      registers: [registry],
    });
    for (const limit of RATE_LIMIT_TYPES) {
      this.refusals.inc({ limit }, 0);
    }
  }
}
