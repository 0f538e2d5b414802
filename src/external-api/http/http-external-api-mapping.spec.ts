import { describe, expect, it } from '@jest/globals';
import {
  ANSWER_LENGTHS,
  CALL,
  EXACT,
  failureOf,
  NEVER,
  useHttpUpstream,
} from '../../../test/support/http-upstream.js';
import type { UpstreamLimit } from '../external-api.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { ConfigError } from '../../platform/config/config-error.js';
import { readVariables } from '../../platform/config/read-variables.js';
import { readMapping } from '../mapping/read-mapping.js';
import { HttpExternalApi } from './http-external-api.js';
import { toUpstream } from './to-upstream.js';
import { toEchoPatterns } from './upstream-secrets.js';

function upstreamOf(variables: Readonly<Record<string, string>>) {
  return toUpstream(readVariables(variables), 'crm', readMapping);
}

describe.each(ANSWER_LENGTHS)('The HTTP upstream with a mapping, whose answers are %s,', (_, padding) => {
  const upstream = useHttpUpstream(padding);

  function open(path: string, variables: Readonly<Record<string, string>>): HttpExternalApi {
    const options = upstreamOf({ EXTERNAL_API_URL: upstream.urlOf(path), ...variables });
    if (options === undefined) {
      throw new Error('no upstream');
    }
    return new HttpExternalApi(options, upstream.parser, new SystemRuntime());
  }

  function answerWith(body: string, status = 200): void {
    upstream.respond = (response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(padding + body);
    };
  }

  it('asks by a query and reads the list that a path leads to', async () => {
    answerWith(`{"users":[${EXACT.map((id) => `{"id":"${String(id)}"}`).join(',')}]}`);
    const api = open('/many.json?ids={{ids}}&full=1', { EXTERNAL_API_ANSWER: 'results: users' });
    const results = await api.process({ ...CALL, ids: EXACT }, NEVER);

    expect(upstream.received).toMatchObject([
      { method: 'GET', url: `/many.json?ids=${EXACT.join(',')}&full=1`, body: '' },
    ]);
    expect(results).toEqual(EXACT.map((id) => ({ id, ok: true, dataJson: `{"id":"${String(id)}"}` })));
  });

  it('asks for each id by its own path, body and key', async () => {
    answerWith('{"item":{"n":1}}');
    const api = open('/items/{{id}}', {
      EXTERNAL_API_REQUEST: 'json: { id: "{{id_text}}", key: "{{key}}", lane: "{{lane}}" }',
      EXTERNAL_API_ANSWER: '{"data": "item"}',
      EXTERNAL_API_METHOD: 'put',
    });
    const results = await api.process(CALL, NEVER);

    expect(upstream.received.map(({ method, url, body }) => [method, url, body]).sort()).toEqual(
      [1, 2].map((id) => [
        'PUT',
        `/items/${String(id)}`,
        `{"id":"${String(id)}","key":"${CALL.dispatchId}-${String(id - 1)}","lane":"crm"}`,
      ]),
    );
    expect(results).toEqual([1n, 2n].map((id) => ({ id, ok: true, dataJson: '{"n":1}' })));
  });

  it('completes an id without a body', async () => {
    upstream.respond = (response) => {
      response.writeHead(204).end();
    };
    const api = open('/items/{id}', { EXTERNAL_API_ANSWER: 'error: error', EXTERNAL_API_METHOD: 'DELETE' });

    expect(await api.process({ ...CALL, ids: [7n] }, NEVER)).toEqual([{ id: 7n, ok: true, dataJson: null }]);
  });

  it('fails the call for now where the mapping does not fit, and names the expression', async () => {
    answerWith('{"data":null,"errors":[{"message":"no"}]}');
    const api = open('/graphql', {
      EXTERNAL_API_REQUEST: 'json: { query: "{ nodes }", variables: { ids: "{{ids}}" } }',
      EXTERNAL_API_ANSWER: 'results: data.nodes',
    });

    expect(await failureOf(api.process(CALL, NEVER))).toMatchObject({
      kind: 'bad_answer',
      permanent: false,
      message: 'answer.results "data.nodes": gives nothing, and not a list',
    });
  });

  it('holds the lane for as long as a throttled answer says, as a 429 does', async () => {
    answerWith('{"errors":["slow"],"cost":{"missing":125,"rate":50}}');
    const limits: UpstreamLimit[] = [];
    const api = open('/graphql', {
      EXTERNAL_API_REQUEST: 'json: "{{ids}}"',
      EXTERNAL_API_ANSWER:
        '{ results: r, throttled: { when: has(body.errors), wait: body.cost.missing / body.cost.rate } }',
    });

    expect(
      await failureOf(api.process({ ...CALL, onLimit: (limit) => limits.push(limit) }, NEVER)),
    ).toMatchObject({ isRateLimited: true, retryAfterMs: 2500, permanent: false });
    expect(limits).toEqual([{ remaining: 0, resetInMs: 2500, header: 'answer.throttled' }]);
  });

  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' }, 9000],
    [{ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '9' }, undefined],
    [{}, undefined],
  ])('takes the time from the headers %j where the mapping names none', async (headers, retryAfterMs) => {
    upstream.respond = (response) => {
      response.writeHead(403, { 'content-type': 'application/json', ...headers }).end(`${padding}{}`);
    };
    const api = open('/items/{id}', { EXTERNAL_API_ANSWER: 'throttled: { when: status == 403 }' });
    const [result] = await api.process({ ...CALL, ids: [7n] }, NEVER);

    expect(result).toMatchObject({ id: 7n, ok: false, isRateLimited: true, permanent: false });
    expect(result).toEqual(expect.objectContaining(retryAfterMs === undefined ? {} : { retryAfterMs }));
    expect(result === undefined || 'retryAfterMs' in result).toBe(retryAfterMs !== undefined);
  });

  it.each([
    ['retry', []],
    ['completed', [1n, 3n].map((id) => ({ id, ok: true, dataJson: null }))],
    [
      'failed',
      [1n, 3n].map((id) => ({ id, ok: false, message: 'the answer leaves this id out', permanent: true })),
    ],
  ])('takes an id that the answer leaves out as %s', async (missing, expected) => {
    answerWith('{"users":[{"id":2},{"id":1}]}');
    const api = open('/many?ids={{ids}}', { EXTERNAL_API_ANSWER: `{ results: users, missing: ${missing} }` });
    const results = await api.process({ ...CALL, ids: [1n, 2n, 1n, 3n] }, NEVER);

    expect(results).toEqual([
      { id: 2n, ok: true, dataJson: '{"id":2}' },
      { id: 1n, ok: true, dataJson: '{"id":1}' },
      ...expected,
    ]);
  });

  it('gives a status the meaning that the mapping says', async () => {
    const api = open('/items/{id}', {
      EXTERNAL_API_ANSWER: 'status: { 404: completed, 409: failed, 400: retry, 422: read, 403: throttled }',
    });
    const resultOf = async (status: number): Promise<unknown> => {
      answerWith('{"error":"no"}', status);
      return (await api.process({ ...CALL, ids: [7n] }, NEVER))[0];
    };

    expect(await resultOf(404)).toEqual({ id: 7n, ok: true, dataJson: null });
    expect(await resultOf(409)).toMatchObject({ ok: false, kind: 'rejected', permanent: true });
    expect(await resultOf(400)).toMatchObject({ ok: false, kind: 'upstream', permanent: false });
    expect(await resultOf(422)).toEqual({ id: 7n, ok: true, dataJson: '{"error":"no"}' });
    expect(await resultOf(403)).toMatchObject({ ok: false, isRateLimited: true });
    expect(await resultOf(410)).toMatchObject({ ok: false, kind: 'rejected', permanent: true });
  });

  it('fails the call for now where an expression cannot be evaluated, whatever the status', async () => {
    answerWith('{}', 404);
    const api = open('/graphql', {
      EXTERNAL_API_REQUEST: 'json: "{{ids}}"',
      EXTERNAL_API_ANSWER: '{ results: r, throttled: { when: "body.errors.exists(e, true)" } }',
    });

    expect(await failureOf(api.process(CALL, NEVER))).toMatchObject({
      kind: 'bad_answer',
      permanent: false,
      message: 'answer.throttled.when "body.errors.exists(e, true)": No such key: errors',
    });
  });

  it('takes the secrets of its request out of what the upstream repeats', async () => {
    answerWith(
      '{"results":[{"id":1,"error":"no app 7f3k9q2z"},{"id":2,"sent":"7f3k9q2z"},{"id":"7f3k9q2z"}]}',
    );
    const api = open('/form', {
      EXTERNAL_API_REQUEST: 'form: { ids: "{{ids}}", api_key: 7f3k9q2z }',
      EXTERNAL_API_ANSWER: '{ results: results, error: error }',
    });
    const failure = await failureOf(api.process(CALL, NEVER));
    answerWith('{"results":[{"id":1,"error":"no app 7f3k9q2z"},{"id":2,"sent":"7f3k9q2z"}]}');

    expect(failure.message).toBe('answer.id "id": gives "[redacted]" in result 2, and no id');
    expect(await api.process(CALL, NEVER)).toEqual([
      { id: 1n, ok: false, message: 'no app [redacted]', permanent: false },
      { id: 2n, ok: true, dataJson: '{"id":2,"sent":"[redacted]"}' },
    ]);
  });
});

describe('The texts of a request that an upstream may repeat', () => {
  it('stay in the data unless they are secrets by name and look', () => {
    const options = upstreamOf({
      EXTERNAL_API_URL: 'https://a.example.com/',
      EXTERNAL_API_REQUEST:
        '{ headers: { X-Api-Key: sk-12345678 }, json: { key: title, app_secret: 9f8e7d6c5b, ids: ["gid://shopify/Product/{{id}}"] } }',
    });
    const { data } = toEchoPatterns(options ?? fail(), undefined);

    expect(data).toEqual(expect.arrayContaining(['sk-12345678', '9f8e7d6c5b']));
    expect(data.filter((text) => /title|gid/.test(text))).toEqual([]);
  });
});

function fail(): never {
  throw new Error('no upstream');
}

describe('The settings of a mapping', () => {
  const EXTERNAL_API_URL = 'https://api.example.com/items';

  it.each([
    [{ EXTERNAL_API_REQUEST: 'json: [' }, [], 'EXTERNAL_API_REQUEST must be YAML or JSON: '],
    [
      { EXTERNAL_API_REQUEST: 'json: &a [ *a, "{{ids}}" ]' },
      [],
      'EXTERNAL_API_REQUEST must be YAML or JSON: ',
    ],
    [{ EXTERNAL_API_REQUEST: 'query: { a: 1 }' }, [], 'EXTERNAL_API_REQUEST holds no id'],
    [
      { EXTERNAL_API_REQUEST: 'json: { ids: "{{idx}}" }' },
      ['json', 'ids'],
      'EXTERNAL_API_REQUEST: json.ids {{idx}} is not known',
    ],
    [{ EXTERNAL_API_ANSWER: 'id: id' }, ['results'], 'EXTERNAL_API_ANSWER: results is not set'],
    [{ EXTERNAL_API_ANSWER: 'result: r' }, ['result'], 'EXTERNAL_API_ANSWER: result is not known'],
    [
      { EXTERNAL_API_ANSWER: '{ results: r, missing: gone }' },
      ['missing'],
      'missing must be one of completed',
    ],
    [{ EXTERNAL_API_ANSWER: '5' }, [], 'EXTERNAL_API_ANSWER must hold settings by their names'],
    [
      { EXTERNAL_API_REQUEST: 'json: "{{ids}}"', EXTERNAL_API_METHOD: 'GET' },
      [],
      'EXTERNAL_API_METHOD (GET) carries no body, which EXTERNAL_API_REQUEST has',
    ],
    [
      { EXTERNAL_API_REQUEST: '{ json: "{{ids}}", headers: { Host: a } }' },
      ['headers'],
      'EXTERNAL_API_REQUEST: headers: host is set already',
    ],
    [
      {
        EXTERNAL_API_REQUEST: '{ json: "{{ids}}", headers: { X-A: a } }',
        EXTERNAL_API_HEADERS: '{"x-a":"b"}',
      },
      ['headers'],
      'EXTERNAL_API_REQUEST: headers: x-a is set already',
    ],
  ])('%j are refused with the place and the reason', (variables, path, message) => {
    const failure: unknown = (() => {
      try {
        return upstreamOf({ EXTERNAL_API_URL, ...variables });
      } catch (error) {
        return error;
      }
    })();

    expect(failure).toBeInstanceOf(ConfigError);
    expect(failure).toMatchObject({ path, message: expect.stringContaining(message) });
  });

  it('need a URL', () => {
    expect(() => upstreamOf({ EXTERNAL_API_ANSWER: 'results: r' })).toThrow(
      'EXTERNAL_API_ANSWER needs EXTERNAL_API_URL',
    );
  });
});
