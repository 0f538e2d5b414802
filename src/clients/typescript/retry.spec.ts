import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  ACCEPTED,
  LIST,
  networkError,
  problem,
  scripted,
  settled,
} from '../../../test/support/scripted-client.js';
import { SluiceApiError } from './api-error.js';
import type { SluiceClient } from './sluice-client.js';

const keysOf = (seen: readonly { headers: Headers }[]) =>
  seen.map(({ headers }) => headers.get('idempotency-key'));

describe('The client of the service retries', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([
    ['a network error', networkError()],
    ['503 with Retry-After', problem(503, { 'retry-after': '1' })],
    ['429', problem(429, { 'retry-after': '1' })],
    ['502 of a proxy', new Response('bad gateway', { status: 502 })],
  ])('a submit after %s, with the same key and body', async (_, failure) => {
    const { sluice, seen } = scripted([failure, Response.json(ACCEPTED)]);

    expect(await settled(sluice.submit(LIST))).toEqual(ACCEPTED);
    expect(seen.map(({ body }) => body)).toEqual(Array(2).fill('{"ids":[1,2],"priority":"HIGH"}'));
    expect(new Set(keysOf(seen)).size).toBe(1);
    expect(keysOf(seen)[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('a response whose body breaks off before it is dropped', async () => {
    const broken = new ReadableStream({
      start: (controller) => {
        controller.error(new Error('reset'));
      },
    });
    const { sluice } = scripted([new Response(broken, { status: 503 }), Response.json(ACCEPTED)]);

    expect(await settled(sluice.submit(LIST))).toEqual(ACCEPTED);
  });

  it('sends the key that is given, and another one for each submit otherwise', async () => {
    const { sluice, seen } = scripted([1, 2, 3].map(() => Response.json(ACCEPTED)));
    await sluice.submit(LIST, { idempotencyKey: 'order-4711' });
    await sluice.submit(LIST);
    await sluice.submit(LIST);

    expect(new Set(keysOf(seen)).size).toBe(3);
    expect(keysOf(seen)[0]).toBe('order-4711');
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    jest.setSystemTime(new Date('2026-11-24T10:00:00Z'));
    const { sluice, seen } = scripted([
      problem(429, { 'retry-after': '7' }),
      problem(503, { 'retry-after': 'Tue, 24 Nov 2026 10:00:20 GMT' }),
      Response.json({}),
    ]);
    await settled(sluice.GET('/queue'));

    expect(seen.map(({ atMs }) => (atMs - (seen[0]?.atMs ?? 0)) / 1000)).toEqual([0, 7, 20]);
  });

  it('gives up after eight retries in about half a minute, with the last error', async () => {
    const { sluice, seen } = scripted(Array.from({ length: 9 }, networkError));
    const outcome = await settled(sluice.submit(LIST));

    expect(outcome).toMatchObject({ message: 'fetch failed' });
    expect(seen.length).toBe(9);
    const tookMs = (seen.at(-1)?.atMs ?? 0) - (seen[0]?.atMs ?? 0);
    expect(tookMs).toBeGreaterThan(15_000);
    expect(tookMs).toBeLessThan(32_000);
  });

  it.each([
    ['400', problem(400)],
    ['500', problem(500)],
    ['a Retry-After that is too long', problem(429, { 'retry-after': '90' })],
  ])('does not repeat a request after %s', async (_, failure) => {
    const { sluice, seen } = scripted([failure]);

    expect(await settled(sluice.submit(LIST))).toBeInstanceOf(SluiceApiError);
    expect(seen.length).toBe(1);
  });

  it('does not repeat an action that may have happened, but one that was refused', async () => {
    const lost = scripted([networkError()]);
    const refused = scripted([problem(503, { 'retry-after': '1' }), Response.json({ redriven: 3 })]);
    const redrive = (sluice: SluiceClient) =>
      settled(sluice.POST('/dead-letters/redrive', { params: { query: { all: 'true' } } }));

    expect(await redrive(lost.sluice)).toMatchObject({ message: 'fetch failed' });
    expect(lost.seen.length).toBe(1);
    expect(await redrive(refused.sluice)).toMatchObject({ data: { redriven: 3 } });
  });

  it('begins no retry after four minutes, while the service still knows the key', async () => {
    const { sluice, seen } = scripted(Array.from({ length: 9 }, () => problem(429, { 'retry-after': '50' })));

    expect(await settled(sluice.submit(LIST))).toMatchObject({ status: 429 });
    expect(seen.length).toBe(5);
  });

  it('sends each request once where maxRetries is 0', async () => {
    const { sluice, seen } = scripted([networkError()], { maxRetries: 0 });

    expect(await settled(sluice.submit(LIST))).toMatchObject({ message: 'fetch failed' });
    expect(seen.length).toBe(1);
  });

  it('stops waiting when the signal aborts', async () => {
    const { sluice, seen } = scripted([problem(429, { 'retry-after': '30' })]);
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort(new Error('enough'));
    }, 1000);

    expect(await settled(sluice.submit(LIST, { signal: controller.signal }))).toMatchObject({
      message: 'enough',
    });
    expect(seen.length).toBe(1);
  });
});
