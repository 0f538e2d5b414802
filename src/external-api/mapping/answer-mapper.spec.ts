import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnswerMapper } from './answer-mapper.js';
import type { AnswerSettings } from './answer-settings.js';
import type { MappedResponse } from './mapped-response.js';
import { ResultPath } from './result-path.js';

const OK = { status: 200, headers: {} };

function map(settings: AnswerSettings, text: string, id: bigint | null = null): MappedResponse {
  return new AnswerMapper(settings).map(OK, text, id);
}

function resultsOf(settings: AnswerSettings, text: string, id: bigint | null = null): unknown {
  const response = map(settings, text, id);
  return response.kind === 'results' ? response.results : response;
}

describe('An answer mapper', () => {
  it('finds ids as numbers, as texts and inside texts, exactly', () => {
    const text =
      '{"data":{"nodes":[{"id":10000000000000000007,"n":1.10},{"id": "9007199254740993"},null,{"id":"gid://shop/Product/3"}]}}';
    expect(resultsOf({ results: 'data.nodes', id_pattern: 'gid://shop/Product/{{id}}' }, text)).toEqual([
      { id: 10000000000000000007n, ok: true, dataJson: '{"id":10000000000000000007,"n":1.10}' },
      { id: 9007199254740993n, ok: true, dataJson: '{"id":"9007199254740993"}' },
      { id: 3n, ok: true, dataJson: '{"id":"gid://shop/Product/3"}' },
    ]);
  });

  it('keeps data as it was written, also where a path leads to it', () => {
    const text = '{"r":[{"node":{"id":1},"d":{"e":[1.10, 1e400, "\\u00e9"]}},{"node":{"id":2}}]}';
    expect(resultsOf({ results: 'r', id: 'node.id', data: 'd.e' }, text)).toEqual([
      { id: 1n, ok: true, dataJson: '[1.10,1e400,"\\u00e9"]' },
      { id: 2n, ok: true, dataJson: null },
    ]);
  });

  it('takes the names of an object for ids', () => {
    expect(resultsOf({ results: 'users' }, '{"users":{"5":{"a":1},"6":null}}')).toEqual([
      { id: 5n, ok: true, dataJson: '{"a":1}' },
      { id: 6n, ok: true, dataJson: 'null' },
    ]);
  });

  it('takes the whole body for the result of one id', () => {
    expect(resultsOf({ data: 'user' }, '{"user":{"id":"x"}}', 7n)).toEqual([
      { id: 7n, ok: true, dataJson: '{"id":"x"}' },
    ]);
  });

  it.each([
    ['"no such user"', 'no such user', false],
    ['{"message":"gone","permanent":true}', 'gone', true],
    ['[{"message":"first"},{"message":"second"}]', 'first', false],
    ['{"code":5}', '{"code":5}', false],
    ['true', 'true', false],
  ])('fails an id with the error %s', (error, message, permanent) => {
    expect(resultsOf({ error: 'errors' }, `{"errors":${error}}`, 1n)).toEqual([
      { id: 1n, ok: false, message, permanent },
    ]);
  });

  it('finds the message of an error by a path', () => {
    const settings = { results: 'r', error: 'err', message: 'detail.text' };
    expect(
      resultsOf(settings, '{"r":[{"id":1,"err":{"detail":{"text":"gone"}}},{"id":2,"err":{"x":1}}]}'),
    ).toMatchObject([{ message: 'gone' }, { message: '{"x":1}' }]);
  });

  it.each(['null', 'false', '0', '""', '[]', '{}'])('takes an error of %s for none', (error) => {
    expect(resultsOf({ error: 'e', data: 'd' }, `{"e":${error},"d":1}`, 1n)).toEqual([
      { id: 1n, ok: true, dataJson: '1' },
    ]);
  });

  it.each([
    [
      { results: 'data.nodes' },
      '{"data":null}',
      'answer.results "data.nodes": gives nothing, and not a list',
    ],
    [{ results: 'data' }, '{"data":5}', 'answer.results "data": gives 5, and not a list'],
    [{ results: 'r' }, '{"r":[{"id":1},{"ID":2}]}', 'answer.id "id": gives nothing in result 1, and no id'],
    [{ results: 'r' }, '{"r":[{"id":"a"}]}', 'answer.id "id": gives "a" in result 0, and no id'],
    [{ results: 'r' }, '{"r":[{"id":1.5}]}', 'answer.id "id": gives 1.5 in result 0, and no id'],
    [{ results: 'r' }, '{"r":[{"id":"01"}]}', 'answer.id "id": gives "01" in result 0, and no id'],
    [{ results: 'r' }, '{"r":{"a":1}}', 'answer.results "r": has the name "a", and no id'],
  ])('%j does not fit %s, and says why', (settings, text, message) => {
    expect(() => map(settings, text)).toThrow(message);
  });

  it.each([
    [404, { kind: 'completed' }],
    [409, { kind: 'failed', message: 'busy', permanent: true }],
    [423, { kind: 'failed', message: 'busy', permanent: false }],
    [403, { kind: 'throttled', wait: null }],
    [500, { kind: 'by_status', message: 'busy' }],
    [503, { kind: 'throttled', wait: null }],
    [204, { kind: 'completed' }],
    [422, { kind: 'results', results: [{ id: 1n, ok: true, dataJson: null }] }],
  ])('reads the status %i as the settings say', (status, expected) => {
    const mapper = new AnswerMapper({
      data: 'data',
      status: {
        '404': 'completed',
        '409': 'failed',
        '423': 'retry',
        '403': 'throttled',
        '422': 'read',
        '503': 'throttled',
        '2xx': 'completed',
      },
    });
    expect(mapper.map({ status, headers: {} }, '{"error":{"message":"busy"}}', 1n)).toEqual(expected);
    expect(mapper.readsResultsOf(status)).toBe(status === 422);
  });

  it('tells first whether the call was throttled, and how long to wait', () => {
    const mapper = new AnswerMapper({
      throttled: { when: "has(body.errors) && body.errors[0] == 'slow'", wait: 'body.seconds' },
      failed: { when: 'has(body.errors)', message: 'errors[0]', permanent: "body.errors[0] == 'gone'" },
      status: { '400': 'failed' },
    });
    const read = (text: string, status = 200) => mapper.map({ status, headers: {} }, text, 1n);

    expect(read('{"errors":["slow"],"seconds":2.5}', 400)).toEqual({ kind: 'throttled', wait: '2.5' });
    expect(read('{"errors":["busy"]}')).toEqual({ kind: 'failed', message: 'busy', permanent: false });
    expect(read('{"errors":["gone"]}')).toEqual({ kind: 'failed', message: 'gone', permanent: true });
    expect(read('{}')).toMatchObject({ kind: 'results' });
    expect(() => read('{"errors":["slow"]}')).toThrow(
      'answer.throttled.wait "body.seconds": No such key: seconds',
    );
  });

  it('tells which errors of ids are permanent', () => {
    const settings = {
      results: 'r',
      error: 'error',
      permanent: "error.code in ['GONE', 'NEVER'] || result.n == 2.0",
    };
    const text =
      '{"r":[{"id":1,"error":{"code":"GONE"},"n":1},{"id":2,"error":{"code":"BUSY"},"n":1},{"id":3,"n":2}]}';

    expect(resultsOf(settings, text)).toMatchObject([
      { permanent: true },
      { permanent: false },
      { ok: true },
    ]);
    expect(() => map(settings, '{"r":[{"id":1,"error":"x"}]}')).toThrow('answer.permanent "error.code in');
  });

  it.each([
    [{ results: '' }, ['results']],
    [{ throttled: { when: 'x' } }, ['throttled', 'when']],
    [{ throttled: { when: 'true', wait: 'x' } }, ['throttled', 'wait']],
    [{ failed: { when: 'true', message: 'a..b' } }, ['failed', 'message']],
    [{ failed: { when: 'true', permanent: '1' } }, ['failed', 'permanent']],
    [{ permanent: 'nothing' }, ['permanent']],
    [{ results: 'a..b' }, ['results']],
    [{ results: 'a[x]' }, ['results']],
    [{ results: '.a' }, ['results']],
    [{ results: 'a b' }, ['results']],
    [{ id_pattern: 'user/' }, ['id_pattern']],
    [{ id_pattern: '{{id}}{{id}}' }, ['id_pattern']],
  ])('with %j is refused', (settings, path) => {
    expect(() => new AnswerMapper(settings)).toThrow(expect.objectContaining({ name: 'MappingError', path }));
  });
});

describe('A path', () => {
  it('finds what JSON.parse finds, at any place of any value', () => {
    const key = fc.stringMatching(/^[^"]{0,5}$/);
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(value, fc.array(fc.oneof(key, fc.nat(3)), { maxLength: 4 }), (json, steps) => {
        const source = steps.map((step) => (typeof step === 'number' ? `[${String(step)}]` : `."${step}"`));
        const path = new ResultPath(source.join('').replace(/^\./, '') || '@', []);
        const wanted = steps.reduce<unknown>(
          (at, step) =>
            typeof at === 'object' && at !== null && Array.isArray(at) === (typeof step === 'number')
              ? Object.getOwnPropertyDescriptor(at, step)?.value
              : undefined,
          json,
        );
        const found = path.find(JSON.stringify(json, null, 1));
        expect(found === undefined ? undefined : JSON.parse(found)).toEqual(
          wanted === undefined ? undefined : JSON.parse(JSON.stringify(wanted)),
        );
      }),
    );
  });
});
