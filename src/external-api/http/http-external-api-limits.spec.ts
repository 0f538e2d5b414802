import { describe, expect, it } from '@jest/globals';
import { CALL, failureOf, NEVER, useHttpUpstream } from '../../../test/support/http-upstream.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import type { UpstreamLimit } from '../external-api.js';
import { HttpExternalApi } from './http-external-api.js';

const NONE_LEFT = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' };
const NONE_LEFT_LIMIT = { remaining: 0, resetInMs: 30_000, header: 'X-RateLimit-Remaining' };

describe('The HTTP upstream, where a response tells a limit,', () => {
  const upstream = useHttpUpstream('');

  /** A call that records the limits that it is told. */
  function newCall() {
    const limits: UpstreamLimit[] = [];
    return { limits, call: { ...CALL, onLimit: (limit: UpstreamLimit) => limits.push(limit) } };
  }

  /** Makes the server answer with this status and these headers. */
  function answer(status: number, headers: Record<string, string | string[]>): void {
    upstream.respond = (response) => {
      response.writeHead(status, headers).end(status === 200 ? '{"results":[]}' : '{}');
    };
  }

  it('tells it from a good response', async () => {
    const { call, limits } = newCall();
    answer(200, NONE_LEFT);
    await upstream.api.process(call, NEVER);

    expect(limits).toEqual([NONE_LEFT_LIMIT]);
  });

  it('tells it before the body has arrived', async () => {
    upstream.respond = (response) => {
      response.writeHead(200, NONE_LEFT).flushHeaders();
    };
    const stop = new AbortController();
    const { promise: told, resolve: tell } = Promise.withResolvers<UpstreamLimit>();
    const failure = failureOf(upstream.api.process({ ...CALL, onLimit: tell }, stop.signal));

    expect(await told).toEqual(NONE_LEFT_LIMIT);
    stop.abort();
    await failure;
  });

  it('asks to wait in a refusal, and tells that at once too', async () => {
    const { call, limits } = newCall();
    answer(503, { ...NONE_LEFT, 'retry-after': '2.5' });
    const failure = await failureOf(upstream.api.process(call, NEVER));

    expect(failure).toMatchObject({ retryAfterMs: 2500, isRateLimited: false });
    expect(limits).toEqual([{ remaining: 0, resetInMs: 2500, header: 'Retry-After' }]);
  });

  it('reads a header that is sent twice', async () => {
    answer(429, { 'retry-after': ['1', '60'] });
    expect(await failureOf(upstream.api.process(CALL, NEVER))).toMatchObject({ retryAfterMs: 60_000 });
  });

  it('refuses with a 429 without a time', async () => {
    const { call, limits } = newCall();
    answer(429, { 'retry-after': '0', 'x-ratelimit-remaining': 'none', 'x-ratelimit-reset': '' });

    expect(await failureOf(upstream.api.process(call, NEVER))).toMatchObject({
      isRateLimited: true,
      retryAfterMs: undefined,
    });
    expect(limits).toEqual([]);
  });

  it('tells the limit of each request, where each id has one', async () => {
    const api = new HttpExternalApi(
      upstream.options('/items/{id}', { method: 'GET' }),
      upstream.parser,
      new SystemRuntime(),
    );
    const { call, limits } = newCall();
    answer(429, NONE_LEFT);
    const results = await api.process(call, NEVER);
    answer(429, {});
    const without = await api.process(call, NEVER);

    expect(limits).toEqual([NONE_LEFT_LIMIT, NONE_LEFT_LIMIT]);
    expect(results).toMatchObject(CALL.ids.map((id) => ({ id, isRateLimited: true, retryAfterMs: 30_000 })));
    expect(without).toMatchObject(CALL.ids.map((id) => ({ id, ok: false, isRateLimited: true })));
  });
});
