import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  claimed,
  type HeldReceivers,
  newHeldSender,
  type ScriptedOutbox,
  settle,
  stopSender,
} from '../../test/support/held-sender.js';
import type { ClaimedDelivery } from '../domain/webhook-delivery.js';
import type { WebhookSender } from './webhook-sender.js';

describe('The deliveries in flight', () => {
  let outbox: ScriptedOutbox;
  let receivers: HeldReceivers;
  let sender: WebhookSender;

  beforeEach(() => {
    ({ outbox, receivers, sender } = newHeldSender());
  });
  afterEach(async () => {
    await stopSender(sender);
    jest.restoreAllMocks();
  });

  /** Deliveries of one client, each to a host of its own. */
  const ofClient = (client: string, count: number): ClaimedDelivery[] =>
    Array.from({ length: count }, (_, i) =>
      claimed(outbox.due.length + i, {
        client,
        deliveryId: `${client}-${String(i)}`,
        url: `https://${client}-${String(i)}.example/`,
      }),
    );
  const begunOf = (client: string): number =>
    receivers.sent.filter(({ message }) => message.headers['webhook-id']?.startsWith(`${client}-`)).length;

  it('has no more than 16 of one client in flight, and goes on as they end', async () => {
    outbox.due.push(
      ...Array.from({ length: 40 }, (_, i) => claimed(i, { url: `https://${String(i)}.example/` })),
    );
    await sender.sendDue();
    expect(receivers.sent).toHaveLength(16);
    for (const { answer } of receivers.sent.slice(0, 5)) {
      answer({ httpStatus: 200, error: null });
    }
    await settle();

    expect(receivers.sent).toHaveLength(21);
    expect(outbox.due).toHaveLength(19);
  });

  it('begins at once what is due to a client, however many receivers of the others hang', async () => {
    for (const client of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
      outbox.due.push(...ofClient(client, 100));
      await sender.sendDue();
    }
    expect(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(begunOf)).toEqual([16, 16, 16, 8, 4, 2, 1]);
  });

  it('shares the places evenly where the receivers of several clients hang from the start', async () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((client) => ofClient(client, 20));
    outbox.due.push(
      ...Array.from({ length: 20 }, (_, i) => all.flatMap((ofOne) => ofOne.slice(i, i + 1))).flat(),
    );
    await sender.sendDue();

    expect(['a', 'b', 'c', 'd', 'e'].map(begunOf)).toEqual([11, 11, 11, 11, 10]);
  });

  it('sends one of another client while a backlog of the first goes out, not behind it', async () => {
    outbox.due.push(...ofClient('a', 200), ...ofClient('b', 1));
    await sender.sendDue();

    expect(begunOf('b')).toBe(1);
    expect(begunOf('a')).toBe(16);
  });

  it('counts the 4 to one host for each client alone: a shared receiver that hangs for one takes the other’s', async () => {
    const shared = 'https://shared.example/';
    outbox.due.push(
      ...ofClient('a', 10).map((one) => ({ ...one, url: shared })),
      ...ofClient('b', 3).map((one) => ({ ...one, url: shared })),
    );
    await sender.sendDue();

    expect([begunOf('a'), begunOf('b')]).toEqual([4, 3]);
  });

  it('has no more than 4 under way to one host, so that one that hangs leaves room for the others', async () => {
    const hanging = Array.from({ length: 30 }, (_, i) =>
      claimed(i, { url: `https://hangs.example/${String(i)}` }),
    );
    const others = [30, 31, 32].map((i) => claimed(i, { url: 'https://other.example/' }));
    outbox.due.push(...hanging, ...others);
    await sender.sendDue();
    expect(receivers.sent.map(({ message }) => message.headers['webhook-id'])).toEqual(
      [0, 1, 2, 3, 30, 31, 32].map((i) => `id-${String(i)}`),
    );
    receivers.sent[0]?.answer({ httpStatus: 200, error: null });
    await settle();

    expect(receivers.sent).toHaveLength(8);
    expect(outbox.due).toHaveLength(25);
  });
});
