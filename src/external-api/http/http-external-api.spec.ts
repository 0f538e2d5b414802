import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ResponseParser } from './response-parser.js';
import { UpstreamCallError, type UpstreamResult, type UpstreamCall } from '../external-api.js';
import { HttpExternalApi } from './http-external-api.js';
import type { UpstreamOptions } from './upstream.options.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

const NEVER = new AbortController().signal;
const CALL: UpstreamCall = { dispatchId: '0198c0de-0000-7000-8000-000000000001', ids: [1n, 2n] };
const MAX_BYTES = 16 * 1024 * 1024;
const EXACT = [9007199254740993n, 9223372036854775808n, 10000000000000000007n];

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** JSON of any length says the same: what is long is read in a thread. */
describe.each([
  ['short', ''],
  ['long', ' '.repeat(70_000)],
])('The HTTP upstream, whose answers are %s,', (_, padding) => {
  const reader = new ResponseParser();
  afterAll(() => reader.onApplicationShutdown());

  let server: Server;
  let received: Received[];
  let respond: (response: ServerResponse) => void;
  let api: HttpExternalApi;

  beforeEach(async () => {
    received = [];
    server = createServer((request, response) => {
      void text(request).then((body) => {
        received.push({ method: request.method, url: request.url, headers: request.headers, body });
        respond(response);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    api = new HttpExternalApi(upstream('/process?kind=a'), reader, new SystemRuntime());
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  function urlOf(path: string): string {
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${path}`;
  }

  function upstream(path: string, settings: Partial<UpstreamOptions> = {}): UpstreamOptions {
    return {
      url: urlOf(path),
      method: 'POST',
      headers: {},
      tokenFile: null,
      ca: null,
      maxResponseBytes: MAX_BYTES,
      ...settings,
    };
  }

  function answerWith(body: string, status = 200): Promise<readonly UpstreamResult[]> {
    respond = (response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(padding + body);
    };
    return api.process(CALL, NEVER);
  }

  async function failureOf(call: Promise<unknown>): Promise<UpstreamCallError> {
    const failure = await call.catch((error: unknown) => error);
    if (!(failure instanceof UpstreamCallError)) {
      throw new Error('the call did not fail as a call');
    }
    return failure;
  }

  it('gets a dispatch as one request, under its id, with exact ids', async () => {
    respond = (response) => {
      response.end('{"results":[]}');
    };
    await api.process({ ...CALL, ids: [1n, ...EXACT, 1n] }, NEVER);

    expect(received).toMatchObject([
      {
        method: 'POST',
        url: '/process?kind=a',
        headers: { 'content-type': 'application/json', 'idempotency-key': CALL.dispatchId },
        body: '{"ids":[1,9007199254740993,9223372036854775808,10000000000000000007,1]}',
      },
    ]);
  });

  it('answers with exact ids', async () => {
    const results = EXACT.map((id) => `{"id": ${String(id)}, "data": "processed"}`).join();

    expect(await answerWith(`{"results": [${results}]}`)).toEqual(
      EXACT.map((id) => ({ id, ok: true, dataJson: '"processed"' })),
    );
  });

  it('asks once whether the call may leave, and tells once when it has left', async () => {
    const events: string[] = [];
    respond = (response) => {
      response.end('{"results":[]}');
    };
    const beforeSend = async (): Promise<void> => {
      await nextTurn();
      events.push(`may leave, ${String(received.length)} sent`);
    };
    await api.process({ ...CALL, beforeSend, onSent: () => events.push('left') }, NEVER);

    expect(events).toEqual(['may leave, 0 sent', 'left']);
  });

  it('sends nothing where the call may not leave', async () => {
    const beforeSend = (): Promise<void> => Promise.reject(new Error('too late'));

    await expect(api.process({ ...CALL, beforeSend }, NEVER)).rejects.toMatchObject({ kind: 'network' });
    expect(received).toEqual([]);
  });

  it.each([
    ['"unknown id"', 'unknown id', false],
    ['{"message": "unknown id"}', 'unknown id', false],
    ['{"message": "unknown id", "permanent": true}', 'unknown id', true],
    ['{"message": "unknown id", "permanent": "yes"}', 'unknown id', false],
    ['{"code": 5}', '{"code":5}', false],
    ['["a", 1]', '["a",1]', false],
    ['false', 'false', false],
    ['0', '0', false],
    ['{"id": 10000000000000000007}', '{"id":10000000000000000007}', false],
  ])('refuses an id with the error %s', async (error, message, permanent) => {
    expect(await answerWith(`{"results": [{"id": 1, "error": ${error}}, {"id": 2}]}`)).toEqual([
      { id: 1n, ok: false, message, permanent },
      { id: 2n, ok: true, dataJson: null },
    ]);
  });

  it.each([
    '10000000000000000007',
    '{"id":10000000000000000007,"n":[1.10,1e400,-0,0.1],"deep":{"id":5}}',
    '"a\\u0000b"',
    'null',
    'false',
  ])('keeps what comes with an id as it was written: %s', async (data) => {
    const [answer] = await answerWith(`{"results": [{"id": 1, "data": ${data}}]}`);
    expect(answer).toEqual({ id: 1n, ok: true, dataJson: data });
  });

  it('takes an error of null for none', async () => {
    expect(await answerWith('{"results": [{"id": 1, "error": null, "data": 5}]}')).toEqual([
      { id: 1n, ok: true, dataJson: '5' },
    ]);
  });

  it.each([
    [301, 'upstream', false],
    [400, 'rejected', true],
    [401, 'rejected', true],
    [404, 'rejected', true],
    [408, 'upstream', false],
    [422, 'rejected', true],
    [425, 'upstream', false],
    [429, 'upstream', false],
    [500, 'upstream', false],
    [503, 'upstream', false],
    [599, 'upstream', false],
  ])('fails the call with status %i as %s, permanent: %s', async (status, kind, permanent) => {
    expect(await failureOf(answerWith('{"results": [{"id": 1}]}', status))).toMatchObject({
      kind,
      permanent,
      message: expect.stringContaining(`the upstream answered ${String(status)}`),
    });
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html>ok</html>'],
    ['half of an answer', '{"results": [{"id": 1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no results', '{}'],
    ['results that are no list', '{"results": {}}'],
    ['a result that is no object', '{"results": [1]}'],
    ['a result of null', '{"results": [null]}'],
    ['a result without id', '{"results": [{"data": 1}]}'],
    ['an id in quotes', '{"results": [{"id": "1"}]}'],
    ['a fraction for an id', '{"results": [{"id": 1.5}]}'],
    ['an id as a power', '{"results": [{"id": 1e2}]}'],
    ['a negative id', '{"results": [{"id": -1}]}'],
    ['a very long id', `{"results": [{"id": ${'9'.repeat(10_000)}}]}`],
    ['brackets without end', '['.repeat(100_000)],
  ])('fails the call for now where the answer is %s', async (_, body) => {
    expect(await failureOf(answerWith(body))).toMatchObject({ kind: 'bad_answer', permanent: false });
  });

  it('fails the call where the answer is too large to hold', async () => {
    const failure = await failureOf(answerWith(`{"results": [], "padding": "${'x'.repeat(MAX_BYTES)}"}`));

    expect(failure).toMatchObject({
      kind: 'bad_answer',
      message: `the answer is larger than ${String(MAX_BYTES)} bytes`,
      permanent: false,
    });
  });

  it('fails the call where the connection breaks in the middle of the answer', async () => {
    respond = (response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"results":', () => response.destroy());
    };

    expect(await failureOf(api.process(CALL, NEVER))).toMatchObject({ kind: 'network', permanent: false });
  });

  it('stores nothing of its own secrets that the upstream echoes, and everything else exactly', async () => {
    const secretive = new HttpExternalApi(
      upstream('/process?api_key=q%26uery-S3cret&format=compact', {
        headers: { authorization: 'Bearer t0ken/of+length', accept: 'application/vnd.api.v3+json' },
      }),
      reader,
      new SystemRuntime(),
    );
    const request = 'GET /process?api_key=q%26uery-S3cret HTTP/1.1 Authorization: Bearer t0ken/of+length';
    const echo = {
      plain: request,
      percent: encodeURIComponent(request),
      base64: Buffer.from(request).toString('base64'),
      url: Buffer.from(` ${request}`).toString('base64url'),
      kept: 'compact application/vnd.api.v3+json',
    };
    const data = JSON.stringify(echo)
      .replaceAll('/', String.raw`\/`)
      .replaceAll('S3', String.raw`\u00533`);
    const exact = String.raw`{"n":10000000000000000007,"f":1.50,"t":"\u0041\/"}`;
    respond = (response) => {
      response.end(
        `{"results":[{"id":1,"data":[${data},${exact}]},{"id":2,"error":{"code":"t0ken\\/of+length"}}]}${padding}`,
      );
    };

    const [first, second] = await secretive.process(CALL, NEVER);
    const stored = first?.ok === true && 'dataJson' in first ? String(first.dataJson) : '';
    expect(stored.endsWith(`,${exact}]`)).toBe(true);
    const [echoed] = JSON.parse(stored) as [typeof echo];
    expect(echoed.plain).toBe('GET /process?api_key=[redacted] HTTP/1.1 Authorization: [redacted]');
    expect(echoed.kept).toBe(echo.kept);
    for (const text of [echoed.base64, echoed.url].map((form) =>
      Buffer.from(form, 'base64').toString('latin1'),
    )) {
      expect(text).not.toMatch(/uery-S3|ken\/of\+len/);
    }
    expect(decodeURIComponent(echoed.percent)).not.toMatch(/uery-S3|ken\/of\+len/);
    expect(second).toMatchObject({ ok: false, message: '{"code":"[redacted]"}' });
  });

  it('fails the call where nobody listens, naming neither its secrets nor the whole of its address', async () => {
    const closed = new HttpExternalApi(
      upstream('/process?token=secret', { headers: { authorization: 'Basic secret' } }),
      reader,
      new SystemRuntime(),
    );
    const described = urlOf('/process');
    server.close();
    await once(server, 'close');

    const failure = await failureOf(closed.process(CALL, NEVER));
    expect(failure).toMatchObject({
      kind: 'network',
      message: 'the call failed: ECONNREFUSED',
      permanent: false,
    });
    expect(closed.description).toBe(described);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  it('ends when it is aborted, also between the head of the answer and its end', async () => {
    const controller = new AbortController();
    respond = (response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{', () => {
        controller.abort(new Error('too late'));
      });
    };

    expect(await failureOf(api.process(CALL, controller.signal))).toMatchObject({ kind: 'network' });
  });

  it('sends nothing where it was aborted before', async () => {
    await failureOf(api.process(CALL, AbortSignal.abort()));

    expect(received).toEqual([]);
  });

  it('goes on after a call that failed', async () => {
    respond = (response) => response.destroy();
    await failureOf(api.process(CALL, NEVER));

    expect(await answerWith('{"results": [{"id": 1}]}')).toEqual([{ id: 1n, ok: true, dataJson: null }]);
  });
});
