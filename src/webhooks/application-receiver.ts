import { Injectable } from '@nestjs/common';
import type { Delivery } from '../domain/webhook-delivery.js';
import { untilAborted } from './until-aborted.js';
import type { WebhookResponse } from './webhook-response.js';

/** The callback URL of lists whose end is delivered to the application around the service. */
export const APPLICATION_URL = 'sluice://application/finished';

export type DeliveryListener = (delivery: Delivery) => unknown;

/**
 * Receives deliveries inside the process, for an application around the service. A standalone service has no listeners.
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

  /**
   * Calls every listener; never rejects. The error of a listener makes the whole delivery due again. After `stop` is
   * aborted, listeners that still run are not waited for.
   */
  async deliver(delivery: Delivery, stop: AbortSignal): Promise<WebhookResponse> {
    if (!this.isPresent) {
      return { httpStatus: null, error: 'there is no application to receive it' };
    }
    try {
      const calls = this.listeners.map(async (listener) => listener(delivery));
      const results = await untilAborted(stop, Promise.allSettled(calls));
      const failed = results.find((result) => result.status === 'rejected');
      return { httpStatus: null, error: failed === undefined ? null : String(failed.reason) };
    } catch (error) {
      return { httpStatus: null, error: String(error) };
    }
  }
}
