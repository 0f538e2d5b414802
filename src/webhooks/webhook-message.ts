import { Injectable } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import type { Delivery } from '../domain/webhook-delivery.js';
import { WebhookOptions } from './webhook.options.js';

export interface WebhookMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type EndStatus = 'completed' | 'failed' | 'cancelled';

/** Returns the status at the end of the ingestion; it was cancelled if ids have no outcome. */
export function toEndStatus({ total, completed, failed }: Delivery): EndStatus {
  if (completed + failed < total) {
    return 'cancelled';
  }
  return failed > 0 ? 'failed' : 'completed';
}

/** Creates signed messages (https://www.standardwebhooks.com). */
@Injectable()
export class WebhookSigner {
  private readonly keys: readonly Webhook[];

  /** During a rotation there are several secrets; receivers accept a message signed with any of them. */
  constructor({ secrets }: WebhookOptions) {
    this.keys = secrets.map((secret) => new Webhook(secret));
  }

  get canSign(): boolean {
    return this.keys.length > 0;
  }

  /**
   * Creates the message of one attempt. `atMs` is the time of the attempt, because receivers reject old
   * messages.
   */
  message(delivery: Delivery, atMs: number): WebhookMessage {
    const body = toBody(delivery);
    const at = new Date(Math.floor(atMs / 1000) * 1000);
    return {
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Sluice-Webhooks',
        'webhook-id': delivery.deliveryId,
        'webhook-timestamp': String(at.getTime() / 1000),
        'webhook-signature': this.keys.map((key) => key.sign(delivery.deliveryId, at, body)).join(' '),
      },
    };
  }
}

/** Builds the body, which is the same at every attempt. */
function toBody(delivery: Delivery): string {
  const { ingestionId, priority, total, completed, failed, endedAtMs } = delivery;
  const status = toEndStatus(delivery);
  const cancelled = total - completed - failed;
  return JSON.stringify({
    type: `ingestion.${status}`,
    timestamp: new Date(endedAtMs).toISOString(),
    data: {
      ingestion_id: ingestionId,
      status,
      priority,
      progress: { total, yet_to_start: 0, in_flight: 0, completed, failed, cancelled, percent: 100 },
    },
  });
}
