import type { Delivery } from '../../domain/webhook-delivery.js';
import { toEndStatus } from '../webhook-message.js';
import type { DeliveryPage, DeliveryView } from './delivery-response.dto.js';

/** Maps a page of deliveries to its response. A full page may be followed by another. */
export function toDeliveryPage(deliveries: readonly Delivery[], limit: number): DeliveryPage {
  const last = deliveries.at(-1);
  return {
    deliveries: deliveries.map(toDeliveryView),
    next: last !== undefined && deliveries.length === limit ? String(last.deliveryNo) : null,
  };
}

export function toDeliveryView(delivery: Delivery): DeliveryView {
  const { lastAttempt, nextAttemptAtMs } = delivery;
  return {
    delivery_id: delivery.deliveryId,
    ingestion_id: delivery.ingestionId,
    type: `ingestion.${toEndStatus(delivery)}`,
    url: withoutQuery(delivery.url),
    state: delivery.state,
    attempts: delivery.attempts,
    ended_at: new Date(delivery.endedAtMs).toISOString(),
    next_attempt_at: nextAttemptAtMs === null ? null : new Date(nextAttemptAtMs).toISOString(),
    last_attempt: lastAttempt && {
      at: new Date(lastAttempt.atMs).toISOString(),
      http_status: lastAttempt.httpStatus,
      error: lastAttempt.error,
    },
  };
}

/** Removes the query of a URL, which often contains a secret. */
function withoutQuery(text: string): string {
  const url = new URL(text);
  url.search = '';
  return url.href;
}
