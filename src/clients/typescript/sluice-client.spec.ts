import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SluiceApiError } from './api-error.js';
import { createSluiceClient, type SluiceClient, type SluiceClientOptions } from './sluice-client.js';

type Answer = Response | Error | ((request: Request) => Response | Promise<Response>);

const ACCEPTED = { ingestion_id: 'a' };
const LIST = { ids: [1, 2n], priority: 'HIGH' } as const;

/** A client whose requests get one answer each, in this order; `seen` are the requests with their bodies. */
function scripted(answers: readonly Answer[], options: Partial<SluiceClientOptions> = {}) {
  const left = [...answers];
  const seen: { method: string; url: string; headers: Headers; body: string; atMs: number }[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const { method, url, headers } = request;
    seen.push({ method, url, headers, body: await request.text(), atMs: Date.now() });
    const answer = left.shift();
    if (answer === undefined || answer instanceof Error) {
      throw answer ?? new Error('no answer is left');
    }
    return answer instanceof Response ? answer : answer(request);
  };
  const sluice = createSluiceClient({ baseUrl: 'http://sluice', fetch, ...options });
  return { sluice, seen, left };
}

function problem(status: number, headers: Record<string, string> = {}): Response {
  const body = { detail: `it is ${String(status)}`, status_code: status };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } });
}

/** Resolves with a promise's outcome while the fake time passes. */
async function settled<T>(promise: Promise<T>): Promise<T | Error> {
  const outcome = promise.catch((error: unknown) => error as Error);
  await jest.runAllTimersAsync();
  return outcome;
}

const networkError = () => new TypeError('fetch failed');
const keysOf = (seen: readonly { headers: Headers }[]) =>
  seen.map(({ headers }) => headers.get('idempotency-key'));

describe('The client of the service', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  describe('retries', () => {
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
      const { sluice, seen } = scripted(
        Array.from({ length: 9 }, () => problem(429, { 'retry-after': '50' })),
      );

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

  it('refuses a number that is not exact, before it sends anything', async () => {
    const { sluice, seen } = scripted([]);

    await expect(sluice.submit({ ids: [1, 2 ** 53], priority: 'LOW' })).rejects.toThrow(
      'ids[1] is a number that is not exact: use a bigint',
    );
    expect(seen).toEqual([]);
  });

  it('throws the error of the service', async () => {
    const { sluice } = scripted([problem(404)]);
    const outcome = await settled(sluice.results('a').next());

    expect(outcome).toBeInstanceOf(SluiceApiError);
    expect(outcome).toMatchObject({ status: 404, message: 'it is 404', problem: { status_code: 404 } });
  });

  it('estimates a list without submitting it', async () => {
    const { sluice, seen } = scripted([Response.json({ ids_ahead: 7 })]);

    expect(await sluice.estimate(LIST)).toEqual({ ids_ahead: 7 });
    expect(seen.map(({ url }) => url)).toEqual(['http://sluice/ingest?dry_run=true']);
  });

  it('yields the items of all pages, fetched one by one, over empty ones', async () => {
    const { sluice, seen } = scripted([
      Response.json({ results: [{ id: 1 }, { id: 2 }], next: '2' }),
      Response.json({ results: [], next: '4' }),
      Response.json({ results: [{ id: 5 }], next: null }),
    ]);
    const results = sluice.results('a/b', { status: 'failed', limit: 2 });

    expect((await results.next()).value).toEqual({ id: 1n });
    expect(seen.length).toBe(1);
    expect(await Array.fromAsync(results)).toEqual([{ id: 2n }, { id: 5n }]);
    expect(seen.map(({ url }) => url)).toEqual([
      'http://sluice/ingestions/a%2Fb/results?status=failed&limit=2',
      'http://sluice/ingestions/a%2Fb/results?status=failed&limit=2&after=2',
      'http://sluice/ingestions/a%2Fb/results?status=failed&limit=2&after=4',
    ]);
  });

  it('yields ingestions and dead letters, too', async () => {
    const { sluice, seen } = scripted([
      Response.json({ ingestions: [ACCEPTED], next: null }),
      Response.json({ dead_letters: [{ id: 3, position: 0 }], next: null }),
    ]);

    expect(await Array.fromAsync(sluice.ingestions({ lane: 'crm' }))).toEqual([ACCEPTED]);
    expect(await Array.fromAsync(sluice.deadLetters({ kind: 'timeout' }))).toEqual([{ id: 3n, position: 0 }]);
    expect(seen.map(({ url }) => url)).toEqual([
      'http://sluice/ingestions?lane=crm',
      'http://sluice/dead-letters?kind=timeout',
    ]);
  });

  describe('waits until an ingestion is done', () => {
    const status = (name: string, etag: string) => Response.json({ status: name }, { headers: { etag } });

    it('by long polls that name the status it knows', async () => {
      const { sluice, seen } = scripted([
        status('triggered', '"1"'),
        new Response(null, { status: 304 }),
        networkError(),
        status('failed', '"2"'),
      ]);
      const changes: string[] = [];
      const outcome = await settled(
        sluice.waitUntilDone('a', { onChange: ({ status: name }) => changes.push(name) }),
      );

      expect(outcome).toEqual({ status: 'failed' });
      expect(changes).toEqual(['triggered', 'failed']);
      expect(seen.map(({ url, headers }) => [new URL(url).search, headers.get('if-none-match')])).toEqual([
        ['?batches=none&wait=0', null],
        ['?batches=none&wait=30', '"1"'],
        ['?batches=none&wait=30', '"1"'],
        ['?batches=none&wait=30', '"1"'],
      ]);
    });

    it('until the signal aborts', async () => {
      const { sluice } = scripted(Array.from({ length: 100 }, (_, i) => status('triggered', String(i))));
      const controller = new AbortController();
      setTimeout(() => {
        controller.abort(new Error('too late'));
      }, 1000);

      expect(await settled(sluice.waitUntilDone('a', { signal: controller.signal }))).toMatchObject({
        message: 'too late',
      });
    });
  });

  describe('yields the events of an ingestion', () => {
    const stream = (...texts: string[]) =>
      new Response(ReadableStream.from(texts).pipeThrough(new TextEncoderStream()));
    const progress = (id: string, completed: number) =>
      `event: progress\nid: ${id}\ndata: {"completed":${String(completed)}}\n\n`;
    const done = 'event: done\nid: done\ndata: {"status":"completed"}\n\n';

    it('resumed after the last one where a stream breaks off, until it is done', async () => {
      const { sluice, seen } = scripted([
        stream(
          ':\n\n',
          progress('1', 1),
          'event: batch\nid: 1\nda',
          'ta: {"ids":[10000000000000000007]}\n\n',
        ),
        networkError(),
        () =>
          new Response(
            new ReadableStream({
              start: (controller) => {
                controller.error(new Error('reset'));
              },
            }),
          ),
        stream('event: of a later release\nid: 2\ndata: x\n\n', progress('2', 2), done),
      ]);

      expect(await settled(Array.fromAsync(sluice.events('a')))).toEqual([
        { type: 'progress', id: '1', data: { completed: 1 } },
        { type: 'batch', id: '1', data: { ids: [10000000000000000007n] } },
        { type: 'progress', id: '2', data: { completed: 2 } },
        { type: 'done', id: 'done', data: { status: 'completed' } },
      ]);
      expect(seen.map(({ headers }) => headers.get('last-event-id'))).toEqual([null, '1', '1', '1']);
    });

    it('from the one that is given on; nothing follows the last', async () => {
      const { sluice, seen } = scripted([stream(done)]);

      expect(await Array.fromAsync(sluice.events('a', { lastEventId: 'done' }))).toEqual([]);
      expect(await Array.fromAsync(sluice.events('a', { lastEventId: '7' }))).toHaveLength(1);
      expect(seen.map(({ headers }) => headers.get('last-event-id'))).toEqual(['7']);
    });

    it('and opens a stream that has been silent for 45 s again', async () => {
      let signal: AbortSignal | undefined;
      const silent = (request: Request) => {
        ({ signal } = request);
        return new Response(
          new ReadableStream({
            start: (controller) => {
              request.signal.addEventListener('abort', () => {
                controller.error(request.signal.reason);
              });
            },
          }),
        );
      };
      const { sluice, seen } = scripted([silent, stream(done)]);

      expect(await settled(Array.fromAsync(sluice.events('a')))).toHaveLength(1);
      expect(signal?.aborted).toBe(true);
      expect((seen[1]?.atMs ?? 0) - (seen[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(45_000);
    });

    it('until the key has ended', async () => {
      const { sluice } = scripted([
        stream(
          progress('1', 1),
          'event: access_ended\ndata: {"reason":"revoked","detail":"the key ended"}\n\n',
        ),
      ]);

      expect(await settled(Array.fromAsync(sluice.events('a')))).toMatchObject({
        name: 'SluiceApiError',
        status: 401,
        message: 'the key ended',
      });
    });

    it('and gives up after streams that bring none', async () => {
      const { sluice, seen } = scripted(Array.from({ length: 20 }, () => stream()));

      expect(await settled(Array.fromAsync(sluice.events('a')))).toMatchObject({
        message: 'the stream of events ended without an event',
      });
      expect(seen.length).toBe(9);
    });

    it('and closes the stream when the loop is left', async () => {
      let isClosed = false;
      const open = () =>
        new Response(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue(new TextEncoder().encode(progress('1', 1)));
            },
            cancel: () => {
              isClosed = true;
            },
          }),
        );
      const { sluice } = scripted([open]);
      for await (const event of sluice.events('a')) {
        expect(event.type).toBe('progress');
        break;
      }

      expect(isClosed).toBe(true);
    });
  });
});
