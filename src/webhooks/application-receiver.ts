import { Injectable } from '@nestjs/common';
import type { Delivery } from '../domain/webhook-delivery.js';
import type { WebhookResponse } from './webhook-response.js';

/** The callback URL of lists whose end is told to the application around the service. */
export const APPLICATION_URL = 'sluice://application/finished';

export type DeliveryListener = (delivery: Delivery) => unknown;

/**
 * Receives deliveries inside the process, for an application around the service. It has no listeners in a service of its
 * own.
 */
@Injectable()
export class ApplicationReceiver {
  private listeners: readonly DeliveryListener[] = [];

  static of(listeners: readonly DeliveryListener[]): ApplicationReceiver {
    const receiver = new ApplicationReceiver();
    receiver.listeners = listeners;
    return receiver;
  }

  get isPresent(): boolean {
    return this.listeners.length > 0;
  }

  /** Calls every listener; never rejects. The error of a listener makes the whole delivery due again. */
  async deliver(delivery: Delivery): Promise<WebhookResponse> {
    const results = await Promise.allSettled(this.listeners.map(async (listener) => listener(delivery)));
    const failed = results.find((result) => result.status === 'rejected');
    return { httpStatus: null, error: failed === undefined ? null : String(failed.reason) };
  }
}
