import { afterAll, describe, expect, it } from '@jest/globals';
import { UpstreamCallError, type UpstreamResult } from '../../src/external-api/external-api.js';
import { STANDARD_RATE_LIMIT_NAMES } from '../../src/external-api/http/rate-limit-names.js';
import { ResponseParser } from '../../src/external-api/http/response-parser.js';
import { HttpExternalApi } from '../../src/external-api/http/http-external-api.js';
import type { UpstreamOptions } from '../../src/external-api/http/upstream.options.js';
import type { Behaviour } from '../support/upstream/protocol.js';
import { upstreamCall } from '../support/upstream-call.js';
import { useUpstream } from '../support/upstream/upstream.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';

const CALL = upstreamCall({
  dispatchId: '0198c0de-0000-7000-8000-000000000001',
  ids: [1n, 10000000000000000007n],
});
const MAX_BYTES = 1024 * 1024;
const PATIENCE_MS = 500;

const TROUBLES: readonly (readonly [Behaviour, string, string])[] = [
  ['slow headers', 'timeout', 'too slow'],
  ['slow body', 'timeout', 'too slow'],
  ['reset', 'network', 'the call failed: '],
  ['wrong type', 'bad_answer', 'the answer is not JSON by its Content-Type'],
  ['wrong json', 'bad_answer', 'the answer is not JSON'],
  ['gzip bomb', 'bad_answer', `the answer is larger than ${String(MAX_BYTES)} bytes`],
  ['spoilt gzip', 'bad_answer', 'the answer cannot be unpacked: Z_DATA_ERROR'],
  ['endless', 'bad_answer', `the answer is larger than ${String(MAX_BYTES)} bytes`],
  ['redirect', 'upstream', 'the upstream answered 307; redirects are not followed'],
  ['endless refusal', 'upstream', 'the upstream answered 500'],
  ['broken', 'upstream', 'the upstream answered 500'],
  ['too many', 'upstream', 'the upstream answered 429'],
];

describe('An upstream that misbehaves', () => {
  const upstream = useUpstream();
  const reader = new ResponseParser();
  afterAll(() => reader.onApplicationShutdown());

  function open(path: string, settings: Partial<UpstreamOptions> = {}): HttpExternalApi {
    return new HttpExternalApi(
      {
        url: upstream.urlOf(path),
        method: path.includes('{id}') ? 'GET' : 'POST',
        headers: {},
        tokenFile: null,
        ca: null,
        maxResponseBytes: MAX_BYTES,
        rateLimitNames: STANDARD_RATE_LIMIT_NAMES,
        ...settings,
      },
      reader,
      new SystemRuntime(),
    );
  }

  /** Calls the upstream with a time limit, as the gate does. */
  async function process(api: HttpExternalApi, withinMs = 10_000): Promise<readonly UpstreamResult[]> {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      controller.abort(new UpstreamCallError('timeout', 'too slow'));
    }, withinMs);
    try {
      return await api.process(CALL, controller.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  describe('asked for a dispatch at once,', () => {
    it.each(TROUBLES)(
      '%s: the call fails for now, and the next one succeeds',
      async (behaviour, kind, message) => {
        const api = open('/process');
        await upstream.play(behaviour, 'good');
        const isSlow = behaviour.startsWith('slow');

        await expect(process(api, isSlow ? PATIENCE_MS : undefined)).rejects.toMatchObject({
          kind,
          message: expect.stringContaining(message),
          permanent: false,
        });
        expect(await process(api)).toHaveLength(2);
        expect((await upstream.seen()).map(({ url }) => url)).toEqual(['/process', '/process']);
      },
    );

    it('refuses for good: the call fails for good', async () => {
      await upstream.play('unauthorized');
      await expect(process(open('/process'))).rejects.toMatchObject({ kind: 'rejected', permanent: true });
    });

    it('JSON of another shape: the call fails for now', async () => {
      await upstream.play('other json');
      await expect(process(open('/process'))).rejects.toMatchObject({
        message: 'the answer holds no list of results',
      });
    });

    it.each(['gzip', 'brotli'] as const)('reads %s, exactly', async (behaviour) => {
      await upstream.play(behaviour);
      const answers = await process(open('/process'));

      expect(answers.map(({ id }) => id)).toEqual(CALL.ids);
      expect(answers).toEqual(
        CALL.ids.map((id) => ({ id, ok: true, dataJson: '{"big":12345678901234567890}' })),
      );
    });

    it('says how long to wait, by seconds and by date', async () => {
      await upstream.play('wait by seconds', 'wait by date');
      const api = open('/process');

      await expect(process(api)).rejects.toMatchObject({ kind: 'upstream', retryAfterMs: 2000 });
      const byDate = await process(api).catch((error: unknown) => error as UpstreamCallError);
      expect(byDate).toBeInstanceOf(UpstreamCallError);
      const { retryAfterMs = 0 } = byDate as UpstreamCallError;
      expect(retryAfterMs).toBeGreaterThanOrEqual(2000);
      expect(retryAfterMs).toBeLessThanOrEqual(4000);
    });
  });

  describe('asked for each id,', () => {
    it('gets a request for each, side by side, under keys and spans of their own in one trace', async () => {
      const events: string[] = [];
      const beforeSend = async (): Promise<void> => {
        events.push(`may leave, ${String((await upstream.seen()).length)} sent`);
      };
      const api = open('/items/{id}');
      const answers = await api.process(
        { ...CALL, beforeSend, onSent: () => events.push('left') },
        AbortSignal.timeout(5000),
      );

      expect(answers).toEqual(
        CALL.ids.map((id) => ({
          id,
          ok: true,
          dataJson: `{"id":${String(id)},"big":12345678901234567890.5}`,
        })),
      );
      expect(events).toEqual(['may leave, 0 sent', 'left']);
      const seen = await upstream.seen();
      expect(seen.map(({ method, url, body }) => `${method} ${url} ${body}`).sort()).toEqual([
        'GET /items/1 ',
        'GET /items/10000000000000000007 ',
      ]);
      expect(seen.map(({ headers }) => headers['idempotency-key']).sort()).toEqual([
        `${CALL.dispatchId}-0`,
        `${CALL.dispatchId}-1`,
      ]);
      expect(seen.map(({ headers }) => headers['transfer-encoding'] ?? headers['content-length'])).toEqual([
        undefined,
        undefined,
      ]);
      const traces = seen.map(({ headers }) => String(headers['traceparent']).split('-'));
      expect(new Set(traces.map(([, trace]) => trace))).toEqual(
        new Set([CALL.dispatchId.replaceAll('-', '')]),
      );
      expect(new Set(traces.map(([, , span]) => span)).size).toBe(2);
    });

    it('with another method, carries the id in the body too', async () => {
      await process(open('/items/{id}', { method: 'PUT' }));

      expect((await upstream.seen()).map(({ method, body }) => `${method} ${body}`).sort()).toEqual([
        'PUT {"id":10000000000000000007}',
        'PUT {"id":1}',
      ]);
    });

    it.each(TROUBLES)('%s: only its own id fails', async (behaviour, kind, message) => {
      await upstream.play(behaviour, 'good');
      const isSlow = behaviour.startsWith('slow');
      const answers = await process(open('/items/{id}'), isSlow ? PATIENCE_MS : undefined);
      const failed = answers.filter(({ ok }) => !ok);

      expect(failed).toMatchObject([{ kind, message: expect.stringContaining(message), permanent: false }]);
      expect(answers).toHaveLength(2);
    });

    it('takes the status for its word', async () => {
      await upstream.play('not found', 'wait by seconds');
      const answers = await process(open('/items/{id}'));

      expect(answers).toContainEqual(expect.objectContaining({ kind: 'rejected', permanent: true }));
      expect(answers).toContainEqual(expect.objectContaining({ kind: 'upstream', retryAfterMs: 2000 }));
    });

    it('sends nothing where the call may not leave', async () => {
      const beforeSend = (): Promise<void> => Promise.reject(new Error('too late'));
      const answers = await open('/items/{id}').process({ ...CALL, beforeSend }, AbortSignal.timeout(5000));

      expect(answers.map(({ ok }) => ok)).toEqual([false, false]);
      expect(await upstream.seen()).toEqual([]);
    });
  });
});
