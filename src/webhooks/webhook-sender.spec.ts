import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SystemRuntime } from '../domain/system-runtime.js';
import type { AttemptOutcome, ClaimedDelivery, Delivery } from '../domain/webhook-delivery.js';
import {
  WebhookOutbox,
  NONE_SATURATED,
  type SaturatedReceivers,
  type DeliveryBacklog,
} from './webhook-outbox.repository.js';
import type { WebhookResponse, WebhookClient } from './webhook-client.js';
import { WebhookSigner, type WebhookMessage } from './webhook-message.js';
import { WebhookSender } from './webhook-sender.js';
import { DispatchEvents } from '../scheduler/dispatch/dispatch-events.js';
import { CallbackAllowlist } from './callback-allowlist.js';

const HOUR = 3_600_000;
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

function claimed(deliveryNo: number, changes: Partial<ClaimedDelivery> = {}): ClaimedDelivery {
  return {
    deliveryNo,
    deliveryId: `id-${String(deliveryNo)}`,
    ingestionId: '0198c0de-0000-7000-8000-000000000001',
    url: 'https://example.com/',
    priority: 'LOW',
    total: 1,
    completed: 1,
    failed: 0,
    endedAtMs: 0,
    state: 'pending',
    attempts: 1,
    nextAttemptAtMs: null,
    lastAttempt: null,
    claimNo: 1,
    client: null,
    queuedMsAgo: 0,
    ...changes,
  };
}

class ScriptedOutbox extends WebhookOutbox {
  readonly due: ClaimedDelivery[] = [];
  readonly recorded: AttemptOutcome[] = [];
  fails = false;

  override claim(
    limit: number,
    _: number,
    busy: SaturatedReceivers = NONE_SATURATED,
  ): Promise<ClaimedDelivery[]> {
    if (this.fails) {
      return Promise.reject(new Error('no store'));
    }
    const mayGo = this.due.filter(
      ({ client, url }) =>
        !busy.clients.includes(client) &&
        !busy.hosts.some((one) => one.client === client && url.startsWith(one.host)),
    );
    const claimed = mayGo.slice(0, limit);
    for (const delivery of claimed) {
      this.due.splice(this.due.indexOf(delivery), 1);
    }
    return Promise.resolve(claimed);
  }

  override record(_: ClaimedDelivery, outcome: AttemptOutcome): Promise<boolean> {
    this.recorded.push(outcome);
    return Promise.resolve(true);
  }

  override backlog(): Promise<DeliveryBacklog> {
    return Promise.resolve({ pending: this.due.length, oldestMs: null });
  }

  override list(): Promise<Delivery[]> {
    return Promise.resolve([]);
  }

  override resend(): Promise<null> {
    return Promise.resolve(null);
  }
}

/** Receivers that answer when the test says so. */
class HeldReceivers {
  readonly sent: {
    readonly message: WebhookMessage;
    readonly answer: (webhookResponse: WebhookResponse) => void;
  }[] = [];

  send(_: string, message: WebhookMessage, stop: AbortSignal): Promise<WebhookResponse> {
    return new Promise((resolve) => {
      this.sent.push({ message, answer: resolve });
      stop.addEventListener('abort', () => {
        resolve({ httpStatus: null, error: 'the call failed: ABORTED' });
      });
    });
  }
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
  }
};

describe('The sender of webhooks', () => {
  let outbox: ScriptedOutbox;
  let receivers: HeldReceivers;
  let news: DispatchEvents;
  let sender: WebhookSender;

  function newSender(secrets: readonly string[] = [SECRET]): WebhookSender {
    const client = receivers as unknown as WebhookClient;
    const options = {
      secrets,
      timeoutMs: 1000,
      allow: new CallbackAllowlist(new Set(), []),
      shutdownGraceMs: 0,
    };
    return new WebhookSender(outbox, client, new WebhookSigner(options), new SystemRuntime(), news, options);
  }

  beforeEach(() => {
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    }
    outbox = new ScriptedOutbox();
    receivers = new HeldReceivers();
    news = new DispatchEvents();
    sender = newSender();
  });
  afterEach(async () => {
    sender.onModuleDestroy();
    await sender.beforeApplicationShutdown();
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

  it('looks as soon as something has gone on', async () => {
    outbox.due.push(claimed(1));
    news.emitChanged([]);
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
    outbox.due.push(claimed(1));
    const unsigned = newSender([]);
    await unsigned.sendDue();
    unsigned.onModuleDestroy();

    expect(outbox.due).toHaveLength(1);
  });

  it('leaves what it could not end before a stop to whoever comes next', async () => {
    outbox.due.push(claimed(1), claimed(2));
    await sender.sendDue();
    sender.onModuleDestroy();
    await sender.beforeApplicationShutdown();
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
