import { describe, expect, it } from '@jest/globals';
import { MalformedResponseError } from '../json/malformed-response-error.js';
import type { UpstreamResult } from '../external-api.js';
import { NO_ECHOES } from './echo-redactor.js';
import { parseResponse, redactMessage, redactResult } from './parse-response.js';

const ID = 10_000_000_000_000_000_007n;

function parse(body: string | Uint8Array, id: bigint | null): UpstreamResult[] {
  return parseResponse(Buffer.from(body), id);
}

function errorOf(body: string | Uint8Array): unknown {
  try {
    return parse(body, null);
  } catch (error) {
    return error;
  }
}

describe('Parsing the response to a call of several ids', () => {
  it.each([
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'the answer is not UTF-8', true],
    ['text that is not JSON', '{"results": [', 'the answer is not JSON', true],
    ['results that are an object', '{"results": {"a": [1]}}', 'the answer holds no list of results', false],
    ['another list', '{"others": [{"id": 1}]}', 'the answer holds no list of results', false],
    ['a result without an id', '{"results": [{"data": 1}]}', 'a result has no integer id', false],
    ['a result that is no object', '{"results": [5]}', 'a result has no integer id', false],
  ])('refuses %s, and says why', (_, body, message, hasCause) => {
    const error = errorOf(body);

    expect(error).toBeInstanceOf(MalformedResponseError);
    expect(error).toMatchObject({ message, path: [] });
    expect((error as Error).cause !== undefined).toBe(hasCause);
  });

  it('takes the list called "results", wherever it stands', () => {
    const body = `{"errors": [{"id": 1}], "results": [{"id": ${String(ID)}, "data": [2]}], "more": [3], "n": 4}`;

    expect(parse(body, null)).toEqual([{ id: ID, ok: true, dataJson: '[2]' }]);
  });
});

describe('Parsing the response to a call of one id', () => {
  it.each(['{"results":[{"id":1}]}', '[1.10,{"error":"no"}]', '"done"', '{"error":false,"id":2}'])(
    'takes %s for the data of the id',
    (body) => {
      expect(parse(body, ID)).toEqual([{ id: ID, ok: true, dataJson: body }]);
    },
  );

  it.each([
    ['"no"', 'no', false],
    ['true', 'true', false],
    ['{"message":"no","permanent":true}', 'no', true],
  ])('takes the error %s for a refusal of the id', (error, message, permanent) => {
    expect(parse(`{"error": ${error}}`, ID)).toEqual([{ id: ID, ok: false, message, permanent }]);
  });
});

describe('Taking secrets out of a result', () => {
  const echoes = { data: ['secret'], messages: ['secret', '12345'] };

  it('leaves a result without data, and any result where there is no secret', () => {
    const result = { id: ID, ok: true, dataJson: '"secret"' } as const;

    expect(redactResult(result, NO_ECHOES)).toBe(result);
    expect(redactResult(result, echoes)).toEqual({ ...result, dataJson: '"[redacted]"' });
    expect(redactResult({ ...result, dataJson: null }, echoes)).toEqual({ ...result, dataJson: null });
    expect(redactResult({ id: ID, ok: true, data: 5 }, echoes)).toEqual({ id: ID, ok: true, data: 5 });
  });

  it.each([
    ['a text', 'your secret is wrong', 'your [redacted] is wrong'],
    ['a number', '12345', '[redacted]'],
    ['a text in brackets', '[secret] is wrong', '[[redacted]] is wrong'],
    ['half of an object', '{"secret', '{"[redacted]'],
    ['an object', String.raw`{"a":"\u0073ecret","b":12345}`, '{"a":"[redacted]","b":"[redacted]"}'],
    ['a list', String.raw`["\u0073ecret"]`, '["[redacted]"]'],
  ])('finds them in a message that is %s', (_, message, expected) => {
    expect(redactMessage(message, echoes.messages)).toBe(expected);
  });
});
