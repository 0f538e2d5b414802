import { Injectable, Logger } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import type { ClaimedDelivery, Delivery } from '../domain/webhook-delivery.js';
import { AuthOptions } from '../platform/auth/auth.options.js';
import { WebhookOptions } from './webhook.options.js';
import type { WebhookSecrets } from './webhook-secrets.js';

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
  private readonly secrets: WebhookSecrets;

  constructor({ secrets }: WebhookOptions, { isEnabled }: AuthOptions) {
    this.secrets = secrets;
    if (isEnabled && this.canSign && !secrets.areOfClients) {
      new Logger('Webhooks').warn(
        'WEBHOOK_SECRET is known to the receivers of all clients, so each could forge messages to the others: set WEBHOOK_MASTER_SECRET',
      );
    }
  }

  get canSign(): boolean {
    return !this.secrets.isEmpty;
  }

  /**
   * Creates the message of one attempt, with a signature for each secret of the client. `atMs` is the time of the
   * attempt, because receivers reject old messages.
   */
  message(delivery: ClaimedDelivery, atMs: number): WebhookMessage {
    const body = toBody(delivery);
    const at = new Date(Math.floor(atMs / 1000) * 1000);
    return {
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Sluice-Webhooks',
        'webhook-id': delivery.deliveryId,
        'webhook-timestamp': String(at.getTime() / 1000),
        'webhook-signature': this.secrets
          .for(delivery.client)
          .map((secret) => new Webhook(secret).sign(delivery.deliveryId, at, body))
          .join(' '),
      },
    };
  }
}

/**
 * Builds the body, which is the same at every attempt. It names its receiver: a message for one receiver is refused by
 * another that checks `callback_url`, even if both know the secret.
 */
function toBody(delivery: Delivery): string {
  const { ingestionId, url, priority, labels, cancelReason, total, completed, failed, endedAtMs } = delivery;
  const status = toEndStatus(delivery);
  const cancelled = total - completed - failed;
  return JSON.stringify({
    type: `ingestion.${status}`,
    timestamp: new Date(endedAtMs).toISOString(),
    data: {
      ingestion_id: ingestionId,
      callback_url: url,
      status,
      priority,
      ...(labels && { labels }),
      ...(cancelReason && { cancel_reason: cancelReason }),
      progress: { total, yet_to_start: 0, in_flight: 0, completed, failed, cancelled, percent: 100 },
    },
  });
}
