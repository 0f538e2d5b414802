import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  claimed,
  type HeldReceivers,
  newHeldSender,
  type ScriptedOutbox,
  settle,
  stopSender,
} from '../../test/support/held-sender.js';
import type { AttemptOutcome, ClaimedDelivery } from '../domain/webhook-delivery.js';
import type { DispatchEvents } from '../scheduler/dispatch/dispatch-events.js';
import type { WebhookResponse } from './webhook-response.js';
import type { WebhookSender } from './webhook-sender.js';

const HOUR = 3_600_000;

describe('The sender of webhooks', () => {
  let outbox: ScriptedOutbox;
  let receivers: HeldReceivers;
  let events: DispatchEvents;
  let sender: WebhookSender;

  beforeEach(() => {
    ({ outbox, receivers, events, sender } = newHeldSender());
  });
  afterEach(async () => {
    await stopSender(sender);
    jest.restoreAllMocks();
  });

  async function outcomeOf(
    webhookResponse: WebhookResponse,
    changes: Partial<ClaimedDelivery> = {},
  ): Promise<AttemptOutcome> {
    outbox.due.push(claimed(1, changes));
    await sender.sendDue();
    receivers.sent.pop()?.answer(webhookResponse);
    await settle();
    const outcome = outbox.recorded.pop();
    if (outcome === undefined) {
      throw new Error('nothing was recorded');
    }
    return outcome;
  }

  it('records what was taken', async () => {
    expect(await outcomeOf({ httpStatus: 204, error: null })).toEqual({
      state: 'delivered',
      httpStatus: 204,
      error: null,
    });
  });

  it.each([500, 404, 302, 429, null])('tries again later after %s', async (httpStatus) => {
    const outcome = await outcomeOf({ httpStatus, error: 'no' }, { attempts: 3, queuedMsAgo: HOUR });
    expect(outcome).toMatchObject({ state: 'pending', httpStatus, error: 'no' });
    expect(outcome.state === 'pending' && outcome.retryInMs / 1000).toBeCloseTo(45, -1);
  });

  it('gives up after a day', async () => {
    const outcome = await outcomeOf(
      { httpStatus: 500, error: 'no' },
      { attempts: 19, queuedMsAgo: 23.5 * HOUR },
    );
    expect(outcome).toEqual({ state: 'failed', httpStatus: 500, error: 'no' });
  });

  it('gives up at once where the receiver wants no more', async () => {
    expect(await outcomeOf({ httpStatus: 410, error: 'gone' })).toMatchObject({ state: 'failed' });
  });

  it('looks as soon as something has gone on', async () => {
    outbox.due.push(claimed(1));
    events.emitChanged([]);
    await settle();

    expect(receivers.sent).toHaveLength(1);
  });

  it('survives a store that fails', async () => {
    outbox.due.push(claimed(1));
    outbox.fails = true;
    await sender.sendDue();
    outbox.fails = false;
    await sender.sendDue();

    expect(receivers.sent).toHaveLength(1);
  });

  it('sends nothing that it cannot sign', async () => {
    const unsigned = newHeldSender([]);
    unsigned.outbox.due.push(claimed(1));
    await unsigned.sender.sendDue();
    await stopSender(unsigned.sender);

    expect(unsigned.outbox.due).toHaveLength(1);
  });

  it('leaves what it could not end before a stop to whoever comes next', async () => {
    outbox.due.push(claimed(1), claimed(2));
    await sender.sendDue();
    await stopSender(sender);
    outbox.due.push(claimed(3));
    await sender.sendDue();

    expect(outbox.recorded).toMatchObject([
      { state: 'pending', retryInMs: 0 },
      { state: 'pending', retryInMs: 0 },
    ]);
    expect(outbox.due).toHaveLength(1);
  });

  it('tells the same under the same id at every attempt, each signed anew', async () => {
    outbox.due.push(claimed(7));
    await sender.sendDue();
    outbox.due.push(claimed(7, { attempts: 2 }));
    await sender.sendDue();
    const [first, second] = receivers.sent.map(({ message }) => message);

    expect(second?.body).toBe(first?.body);
    expect([first?.headers['webhook-id'], second?.headers['webhook-id']]).toEqual(['id-7', 'id-7']);
  });
});
