import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { WebhookOutbox } from '../../webhooks/webhook-outbox.repository.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import type { Hooks } from './instrument.js';

const STATE_BY_OUTCOME = { delivered: 'delivered', failed: 'failed', pending: 'retried' } as const;

/** Counts attempts to deliver webhooks. */
@Injectable()
export class WebhookMetrics {
  private readonly attempts: Counter<'outcome'>;

  /** Hooks into the outbox. */
  readonly hooks: Hooks<WebhookOutbox> = {
    record: (isRecorded, _claimed, { state }) => {
      if (isRecorded) {
        this.attempts.inc({ outcome: STATE_BY_OUTCOME[state] });
      }
    },
  };

  constructor({ registry }: MetricsRegistry) {
    this.attempts = new Counter({
      name: 'sluice_webhook_attempts_total',
      help: 'Attempts to deliver a webhook: delivered, failed (abandoned) or retried.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of Object.values(STATE_BY_OUTCOME)) {
      this.attempts.inc({ outcome }, 0);
    }
  }
}

/** Gauges of the outbox over all replicas, read at each scrape. */
@Injectable()
export class OutboxMetrics {
  private readonly pending: Gauge;
  private readonly oldest: Gauge;

  constructor(
    { registry }: MetricsRegistry,
    private readonly store: WebhookOutbox,
  ) {
    const registers = [registry];
    this.pending = new Gauge({
      name: 'sluice_webhooks_pending',
      help: 'Webhooks that have not ended yet, 10000 at most.',
      registers,
    });
    this.oldest = new Gauge({
      name: 'sluice_oldest_webhook_seconds',
      help: 'Time for which the oldest pending webhook has been pending; 0 if none is.',
      registers,
    });
  }

  /**
   * Reads the gauges.
   * @throws StoreUnavailableError Then the gauges are empty, and show no old values.
   */
  async collect(): Promise<void> {
    this.pending.remove();
    this.oldest.remove();
    const { pending, oldestMs } = await this.store.backlog();
    this.pending.set(pending);
    this.oldest.set((oldestMs ?? 0) / 1000);
  }
}
