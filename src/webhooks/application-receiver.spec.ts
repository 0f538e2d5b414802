import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  claimed,
  newHeldSender,
  settle,
  stopSender,
  type HeldSender,
} from '../../test/support/held-sender.js';
import type { ClaimedDelivery } from '../domain/webhook-delivery.js';
import { APPLICATION_URL, type DeliveryListener } from './application-receiver.js';

const toApplication = (deliveryNo: number): ClaimedDelivery => claimed(deliveryNo, { url: APPLICATION_URL });

describe('The end of a list that the application around the service submitted', () => {
  let held: HeldSender;
  let isStopped = false;

  function start(...listeners: readonly DeliveryListener[]): HeldSender {
    isStopped = false;
    held = newHeldSender(undefined, listeners);
    return held;
  }

  async function stop(): Promise<void> {
    isStopped = true;
    await stopSender(held.sender);
  }

  afterEach(async () => {
    if (!isStopped) {
      await stop();
    }
    jest.restoreAllMocks();
  });

  it('is delivered once every listener has returned', async () => {
    const heard: string[] = [];
    const { outbox, sender } = start(
      ({ deliveryId }) => heard.push(`first ${deliveryId}`),
      ({ deliveryId }) => heard.push(`second ${deliveryId}`),
    );
    outbox.due.push(toApplication(1));
    await sender.sendDue();
    await settle();

    expect(heard).toEqual(['first id-1', 'second id-1']);
    expect(outbox.recorded).toEqual([{ state: 'delivered', httpStatus: null, error: null }]);
  });

  it('is due again after a listener has failed', async () => {
    const { outbox, sender } = start(() => Promise.reject(new Error('no table')));
    outbox.due.push(toApplication(1));
    await sender.sendDue();
    await settle();

    expect(outbox.recorded).toMatchObject([{ state: 'pending', error: 'Error: no table' }]);
  });

  it('stays pending in a process without listeners, and is not taken for delivered', async () => {
    const { outbox, sender } = start();
    outbox.due.push(toApplication(1));
    await sender.sendDue();
    await settle();

    expect(outbox.recorded).toMatchObject([
      { state: 'pending', error: 'there is no application to receive it' },
    ]);
  });

  it('is left to the next process where a listener does not return before a stop', async () => {
    const { outbox, sender } = start(() => new Promise(() => undefined));
    outbox.due.push(toApplication(1));
    await sender.sendDue();
    await stop();

    expect(outbox.recorded).toMatchObject([{ state: 'pending', retryInMs: 0 }]);
  });

  it('takes no more than 4 places, so that a listener that hangs leaves room for receivers', async () => {
    let calls = 0;
    const { outbox, sender, receivers } = start(() => {
      calls += 1;
      return new Promise(() => undefined);
    });
    outbox.due.push(...Array.from({ length: 20 }, (_, i) => toApplication(i)), claimed(20));
    await sender.sendDue();

    expect([calls, receivers.sent.length]).toEqual([4, 1]);
  });
});
