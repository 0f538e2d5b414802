import { describe, expect, it } from '@jest/globals';
import { packIds } from '../../src/domain/packed-ids.js';
import type { ClaimedDelivery, Delivery } from '../../src/domain/webhook-delivery.js';
import type { ClientHost } from '../../src/webhooks/webhook-outbox.repository.js';
import { COMPLETED, failed, HOUR, MINUTE, newIngestion, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

const URL = 'https://example.com/hook';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TAKEN = { state: 'delivered', httpStatus: 204, error: null } as const;
const LOST = { state: 'failed', httpStatus: 410, error: 'gone' } as const;

function again(retryInMs: number): Parameters<OpenDeliveries['record']>[1] {
  return { state: 'pending', httpStatus: null, error: 'not now', retryInMs };
}

function busyHost(host: string, client: string | null = null): ClientHost {
  return { client, host };
}

type OpenDeliveries = ReturnType<typeof useGate>['store']['deliveries'];

describe.each(STORES)('$name: webhook deliveries', (underTest) => {
  const gate = useGate(underTest);

  async function acceptWith(
    url: string | undefined,
    ids: number[],
    priority: 'HIGH' | 'LOW' = 'HIGH',
    client: string | null = null,
  ): Promise<string> {
    const ingestion = {
      ...newIngestion(priority, ids),
      client,
      ...(url !== undefined && { callbackUrl: url }),
    };
    await gate.acceptAll([ingestion]);
    return ingestion.ingestionId;
  }

  const claim = (limit = 10, leaseMs = MINUTE): Promise<ClaimedDelivery[]> =>
    gate.store.deliveries.claim(limit, leaseMs);
  const all = (): Promise<Delivery[]> => gate.store.deliveries.list({}, null, 100);

  async function claimOne(): Promise<ClaimedDelivery> {
    const [delivery, ...others] = await claim();
    if (delivery === undefined || others.length > 0) {
      throw new Error(`claimed ${String(others.length)} more than the one`);
    }
    return delivery;
  }

  it('announces the end of an ingestion with its status, and not before', async () => {
    const id = await acceptWith(URL, [1, 2, 3, 4], 'LOW');
    await gate.settle(await gate.dispatch(), [COMPLETED, failed(), retryIn(SECOND)]);
    expect(await all()).toEqual([]);
    await gate.store.advance(MINUTE);
    await gate.drain();

    const [delivery, ...others] = await all();
    const { ingestion } = await gate.find(id);
    expect(others).toEqual([]);
    expect(delivery).toEqual({
      deliveryNo: expect.any(Number),
      deliveryId: expect.stringMatching(UUID),
      ingestionId: id,
      url: URL,
      priority: 'LOW',
      total: 4,
      completed: 3,
      failed: 1,
      endedAtMs: ingestion.updatedAtMs,
      state: 'pending',
      attempts: 0,
      nextAttemptAtMs: expect.any(Number),
      lastAttempt: null,
    });
  });

  it('announces a cancel once the last call has ended', async () => {
    const id = await acceptWith(URL, [1, 2, 3, 4]);
    const flying = await gate.dispatch();
    await gate.store.ingestions.cancelStep(id, 1000);
    expect(await all()).toEqual([]);
    await gate.settle(flying, COMPLETED);

    expect(await all()).toMatchObject([{ ingestionId: id, total: 4, completed: 3, failed: 0 }]);
    const waiting = await acceptWith(URL, [5]);
    await gate.store.ingestions.cancelStep(waiting, 1000);
    expect((await all())[0]).toMatchObject({ ingestionId: waiting, total: 1, completed: 0 });
  });

  it('announces nothing where nobody asked for it', async () => {
    await acceptWith(undefined, [1]);
    await gate.drain();

    expect(await all()).toEqual([]);
    expect(await claim()).toEqual([]);
  });

  it('announces each list of a group to its own URL, and a replayed one once', async () => {
    const key = { key: new Uint8Array(16).fill(1), content: new Uint8Array(16).fill(2), windowMs: HOUR };
    const one = { ...newIngestion('HIGH', [1], key), callbackUrl: `${URL}/1` };
    const two = { ...newIngestion('HIGH', [2]), callbackUrl: `${URL}/2` };
    const replay = { ...newIngestion('HIGH', [1], key), callbackUrl: `${URL}/3` };
    await gate.acceptAll([one, { ...newIngestion('HIGH', [3]), packedIds: packIds([3]) }, two, replay]);
    await gate.acceptAll([{ ...newIngestion('HIGH', [1], key), callbackUrl: `${URL}/4` }]);
    await gate.drain();

    expect((await all()).map(({ ingestionId, url }) => [ingestionId, url]).toSorted()).toEqual(
      [
        [one.ingestionId, `${URL}/1`],
        [two.ingestionId, `${URL}/2`],
      ].toSorted(),
    );
  });

  it('loses no delivery by a kill between the end and the call', async () => {
    const id = await acceptWith(URL, [1]);
    await gate.drain();
    await gate.restart();
    const first = await claimOne();
    expect(first).toMatchObject({ ingestionId: id, attempts: 1 });
    await gate.restart();
    expect(await claim()).toEqual([]);
    await gate.store.advance(2 * MINUTE);

    const second = await claimOne();
    expect(second).toMatchObject({ deliveryId: first.deliveryId, attempts: 2 });
    expect(second.queuedMsAgo).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(await gate.store.deliveries.record(first, TAKEN)).toBe(false);
    expect(await gate.store.deliveries.record(second, TAKEN)).toBe(true);
    await gate.store.advance(HOUR);
    expect(await claim()).toEqual([]);
  });

  it('gives a delivery to one process at a time', async () => {
    for (let i = 1; i <= 30; i++) {
      await acceptWith(URL, [i]);
    }
    await gate.drain({ batchSize: 30 });

    const claims = await Promise.all(Array.from({ length: 6 }, () => claim(10)));
    const numbers = claims.flat().map(({ deliveryNo }) => deliveryNo);
    expect(numbers.length).toBeGreaterThanOrEqual(10);
    expect(new Set(numbers).size).toBe(numbers.length);
    const rest = (await claim(100)).map(({ deliveryNo }) => deliveryNo);
    expect(new Set([...numbers, ...rest]).size).toBe(30);
  });

  it('claims for other hosts than those that are passed over', async () => {
    await acceptWith(URL, [1]);
    await acceptWith('https://example.com.other/hook', [2]);
    await acceptWith('https://third.example/hook', [3]);
    await gate.drain();
    const others = await gate.store.deliveries.claim(10, MINUTE, {
      clients: [],
      hosts: [busyHost('https://example.com/'), busyHost('https://third.example/')],
    });
    expect(others.map(({ url }) => url)).toEqual(['https://example.com.other/hook']);
    expect((await claim()).map(({ url }) => url).sort()).toEqual([URL, 'https://third.example/hook']);
  });

  it('claims for other hosts in due order, however much is due to those that are passed over', async () => {
    const hook = (host: string): string => `https://${host}.example/hook`;
    const hosts = [...Array.from({ length: 20 }, () => 'busy'), 'b', 'a', 'http', 'c', 'a', 'a'];
    for (const [i, host] of hosts.entries()) {
      await acceptWith(host === 'http' ? 'http://d/' : hook(host), [i]);
      await gate.drain();
      await gate.store.deliveries.record(await claimOne(), again(MINUTE + i));
    }
    await gate.store.advance(2 * MINUTE);
    const elsewhere = async (limit: number): Promise<string[]> => {
      const claimed = await gate.store.deliveries.claim(limit, MINUTE, {
        clients: [],
        hosts: [busyHost('https://busy.example/')],
      });
      return claimed.map(({ url }) => url).toSorted();
    };

    expect(await elsewhere(3)).toEqual(['http://d/', hook('a'), hook('b')]);
    expect(await elsewhere(2)).toEqual([hook('a'), hook('c')]);
    expect(await elsewhere(5)).toEqual([hook('a')]);
    expect(await elsewhere(5)).toEqual([]);
    expect(await claim(100)).toHaveLength(20);
  });

  it('claims nothing for clients or hosts that are passed over, however much is due to them', async () => {
    const hook = (host: string): string => `https://${host}.example/hook`;
    for (let i = 0; i < 20; i++) {
      await acceptWith(hook(`h${String(i)}`), [i], 'HIGH', 'busy');
      await acceptWith(hook('full'), [i], 'HIGH', 'other');
    }
    await acceptWith(hook('full'), [100]);
    await acceptWith(hook('full'), [101], 'HIGH', 'third');
    await acceptWith(hook('free'), [102], 'HIGH', 'other');
    await gate.drain({ batchSize: 100 });
    const busy = {
      clients: ['busy'],
      hosts: [busyHost('https://full.example/', 'other'), busyHost('https://full.example/', 'unknown')],
    };
    const claimed = await gate.store.deliveries.claim(10, MINUTE, busy);

    expect(claimed.map(({ client, url }) => [client, url]).toSorted()).toEqual(
      [
        [null, hook('full')],
        ['other', hook('free')],
        ['third', hook('full')],
      ].toSorted(),
    );
    expect(await gate.store.deliveries.claim(10, MINUTE, busy)).toEqual([]);
    const rest = await gate.store.deliveries.claim(100, MINUTE, { clients: [null, 'other'], hosts: [] });
    expect(rest.map(({ client }) => client)).toEqual(Array.from({ length: 20 }, () => 'busy'));
    expect(await claim(100)).toHaveLength(20);
  });

  it('reaches every host of a client in the end, though a claim beside a busy host looks at 100 of them only', async () => {
    const hook = (i: number): string => `https://h${String(1000 + i)}.example/hook`;
    const accepted = Array.from({ length: 250 }, (_, i) => ({
      ...newIngestion('HIGH', [i]),
      client: 'many',
      callbackUrl: hook(i),
    }));
    await gate.acceptAll(accepted);
    await gate.drain({ batchSize: 1000 });
    const busy = { clients: [], hosts: [busyHost('https://h1000.example/', 'many')] };
    const claimed: string[] = [];
    for (let i = 0; i < 3; i++) {
      claimed.push(...(await gate.store.deliveries.claim(1000, HOUR, busy)).map(({ url }) => url));
      expect(claimed).toHaveLength([99, 199, 249][i] ?? 0);
    }

    expect(claimed.toSorted()).toEqual(Array.from({ length: 249 }, (_, i) => hook(i + 1)));
  });

  it('retries when the time has come, and no sooner', async () => {
    await acceptWith(URL, [1]);
    await gate.drain();
    await gate.store.deliveries.record(await claimOne(), again(HOUR));
    expect(await claim()).toEqual([]);
    expect(await all()).toMatchObject([
      { state: 'pending', attempts: 1, lastAttempt: { httpStatus: null, error: 'not now' } },
    ]);
    await gate.store.advance(HOUR);

    await gate.store.deliveries.record(await claimOne(), LOST);
    await gate.store.advance(HOUR);
    expect(await claim()).toEqual([]);
    expect(await all()).toMatchObject([
      {
        state: 'failed',
        attempts: 2,
        nextAttemptAtMs: null,
        lastAttempt: { httpStatus: 410, error: 'gone' },
      },
    ]);
  });

  it('announces the second end of an ingestion after its first', async () => {
    const id = await acceptWith(URL, [1]);
    await gate.settle(await gate.dispatch(), failed());
    await gate.store.deliveries.record(await claimOne(), again(HOUR));
    await gate.store.deadLetters.redrive({}, await gate.store.deadLetters.latestNumber(), 10);
    await gate.drain();
    const other = await acceptWith(URL, [2]);
    await gate.drain();

    const independent = await claimOne();
    expect(independent.ingestionId).toBe(other);
    await gate.store.advance(HOUR);
    const first = (await claim()).find(({ ingestionId }) => ingestionId === id);
    expect(first).toMatchObject({ completed: 0, failed: 1, attempts: 2 });
    expect(await claim()).toEqual([]);
    await gate.store.deliveries.record(first ?? independent, TAKEN);
    expect(await claimOne()).toMatchObject({ ingestionId: id, completed: 1, failed: 0 });
  });

  it('sends a delivery again where that is asked for, whatever became of it', async () => {
    await acceptWith(URL, [1]);
    await gate.drain();
    const first = await claimOne();
    await gate.store.deliveries.record(first, TAKEN);
    expect(await gate.store.deliveries.resend(first.deliveryId.toUpperCase())).toMatchObject({
      deliveryId: first.deliveryId,
      state: 'pending',
      attempts: 0,
    });

    const second = await claimOne();
    expect(second).toMatchObject({
      deliveryId: first.deliveryId,
      attempts: 1,
      queuedMsAgo: expect.closeTo(0, -4),
    });
    await gate.store.deliveries.resend(first.deliveryId);
    expect(await gate.store.deliveries.record(second, TAKEN)).toBe(false);
    expect(await claimOne()).toMatchObject({ deliveryId: first.deliveryId });
    expect(await gate.store.deliveries.resend(first.deliveryId, 'unknown')).toBeNull();
    expect(await gate.store.deliveries.resend(first.deliveryId, first.deliveryId)).toBeNull();
    expect(await gate.store.deliveries.resend(first.deliveryId, first.ingestionId)).not.toBeNull();
    expect(await gate.store.deliveries.resend('unknown')).toBeNull();
    expect(await gate.store.deliveries.resend('0198c0de-0000-7000-8000-000000000001')).toBeNull();
  });

  it('lists the newest first, by ingestion and state, in pages', async () => {
    const ids = [];
    for (let i = 1; i <= 5; i++) {
      ids.push(await acceptWith(`${URL}/${String(i)}`, [i]));
      await gate.drain();
    }
    const [oldest] = await claim(1);
    await gate.store.deliveries.record(oldest ?? (await claimOne()), TAKEN);
    const { deliveries } = gate.store;

    const listed = await all();
    expect(listed.map(({ ingestionId }) => ingestionId)).toEqual(ids.toReversed());
    expect(await deliveries.list({}, listed[1]?.deliveryNo ?? 0, 2)).toEqual(listed.slice(2, 4));
    expect(await deliveries.list({ state: 'delivered' }, null, 10)).toEqual(listed.slice(4));
    expect(await deliveries.list({ state: 'pending', ingestionId: ids[1] ?? '' }, null, 10)).toEqual([
      listed[3],
    ]);
    expect(await deliveries.list({ ingestionId: 'unknown' }, null, 10)).toEqual([]);
  });

  it('deletes deliveries with their ingestion, and keeps those that are still due', async () => {
    const told = await acceptWith(URL, [1]);
    await gate.drain();
    await gate.store.deliveries.record(await claimOne(), TAKEN);
    const untold = await acceptWith(URL, [2]);
    await gate.drain();
    await gate.store.advance(48 * HOUR);
    while (await gate.store.maintenance.deleteExpired(24 * HOUR)) {
      // The loop ends when nothing is left.
    }

    expect(await gate.store.ingestions.findMany([told, untold])).toEqual([]);
    expect(await all()).toMatchObject([{ ingestionId: untold, state: 'pending' }]);
    await gate.store.deliveries.record(await claimOne(), TAKEN);
    while (await gate.store.maintenance.deleteExpired(24 * HOUR)) {
      // The loop ends when nothing is left.
    }
    expect(await all()).toEqual([]);
  });

  it('counts pending deliveries, and tells since when the first is due', async () => {
    const { deliveries } = gate.store;
    expect(await deliveries.backlog()).toEqual({ pending: 0, oldestMs: null });
    await acceptWith(URL, [1]);
    await acceptWith(URL, [2]);
    await gate.drain();
    const claimed = await claim();
    await gate.store.advance(10 * SECOND);
    const { pending, oldestMs } = await deliveries.backlog();

    expect(pending).toBe(2);
    expect(Math.round((oldestMs ?? 0) / SECOND)).toBeGreaterThanOrEqual(10);
    for (const [i, delivery] of claimed.entries()) {
      await deliveries.record(delivery, i === 0 ? TAKEN : LOST);
    }
    expect(await deliveries.backlog()).toEqual({ pending: 0, oldestMs: null });
  });
});
