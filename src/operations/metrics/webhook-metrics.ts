import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { WebhookOutbox } from '../../webhooks/webhook-outbox.repository.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import type { Hooks } from './instrument.js';

const STATE_BY_OUTCOME = { delivered: 'delivered', failed: 'failed', pending: 'retried' } as const;

/** What becomes of attempts to deliver webhooks. */
@Injectable()
export class WebhookMetrics {
  private readonly attempts: Counter<'outcome'>;

  /** To be told of the outbox's work. */
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
      help: 'Attempts to deliver a webhook: delivered, failed (given up) or retried.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of Object.values(STATE_BY_OUTCOME)) {
      this.attempts.inc({ outcome }, 0);
    }
  }
}

/** How the outbox stands, for all replicas, looked at when it is asked for. */
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
      help: 'Since when the webhook waits that has waited longest; 0 where none does.',
      registers,
    });
  }

  /** @throws StoreUnavailableError; then nothing is shown, rather than what was. */
  async collect(): Promise<void> {
    this.pending.remove();
    this.oldest.remove();
    const { pending, oldestMs } = await this.store.backlog();
    this.pending.set(pending);
    this.oldest.set((oldestMs ?? 0) / 1000);
  }
}
