import { describe, expect, it } from '@jest/globals';
import type { UpstreamResult } from '../../external-api/external-api.js';
import { matchResults } from './match-results.js';

const OK = { ok: true, dataJson: '"processed"' };
const MISSING = { ok: false, permanent: false, error: { kind: 'missing_answer' } };

function ok(id: bigint): UpstreamResult {
  return { id, ok: true, data: 'processed' };
}

function refused(id: bigint, message: string, permanent = false): UpstreamResult {
  return { id, ok: false, message, permanent };
}

describe('Answers are matched with what was asked:', () => {
  it('in any order, each result in the order of the question', () => {
    const { results, unexpected } = matchResults([1n, 2n, 3n], [ok(3n), refused(1n, 'busy'), ok(2n)]);

    expect(results).toEqual([
      { ok: false, permanent: false, error: { kind: 'upstream', message: 'busy' } },
      OK,
      OK,
    ]);
    expect(unexpected).toEqual([]);
  });

  it('an id without an answer has failed for now', () => {
    const { results, unexpected } = matchResults([1n, 2n], [ok(2n)]);

    expect(results).toMatchObject([MISSING, OK]);
    expect(unexpected).toEqual([]);
  });

  it.each([
    ['nothing', undefined, null],
    ['null', null, 'null'],
    ['text', 'a\u0000"\ud800', '"a\\u0000\\"\\ud800"'],
    ['a bigint', { n: [10000000000000000007n] }, '{"n":[10000000000000000007]}'],
    ['a number as it was written', JSON.rawJSON('1.10000000000000000001'), '1.10000000000000000001'],
    ['what is no JSON', () => 5, null],
  ])('what came with it is kept as exact JSON: %s', (_, data, dataJson) => {
    expect(matchResults([1n], [{ id: 1n, ok: true, data }]).results).toEqual([{ ok: true, dataJson }]);
  });

  it('what cannot be written fails nothing', () => {
    const data: { self?: unknown } = {};
    data.self = data;
    expect(matchResults([1n], [{ id: 1n, ok: true, data }]).results).toEqual([{ ok: true, dataJson: null }]);
  });

  it('no answer at all fails every id for now', () => {
    expect(matchResults([1n, 2n], []).results).toMatchObject([MISSING, MISSING]);
  });

  it('the first answer to an id counts, a further one is ignored and named', () => {
    const { results, unexpected } = matchResults([1n], [ok(1n), refused(1n, 'no', true), ok(1n)]);

    expect(results).toEqual([OK]);
    expect(unexpected).toEqual(['id 1 again', 'id 1 again']);
  });

  it('an answer to an id not asked for is ignored and named', () => {
    const { results, unexpected } = matchResults([1n], [ok(10000000000000000007n), ok(1n)]);

    expect(results).toEqual([OK]);
    expect(unexpected).toEqual(['id 10000000000000000007 not asked for']);
  });

  it('ids that differ only beyond the precision of a double are told apart', () => {
    const { results } = matchResults(
      [9007199254740992n, 9007199254740993n],
      [ok(9007199254740993n), refused(9007199254740992n, 'no')],
    );

    expect(results).toMatchObject([{ ok: false }, OK]);
  });

  it('an id asked for twice takes an answer for each place', () => {
    const { results, unexpected } = matchResults([7n, 8n, 7n], [refused(7n, 'busy'), ok(8n), ok(7n), ok(7n)]);

    expect(results).toMatchObject([{ ok: false }, OK, OK]);
    expect(unexpected).toEqual(['id 7 again']);
  });

  it('an id asked for twice and answered once has failed for now in its second place', () => {
    expect(matchResults([7n, 7n], [ok(7n)]).results).toMatchObject([OK, MISSING]);
  });

  it('a permanent refusal is told from a passing one', () => {
    expect(matchResults([1n], [refused(1n, 'unknown', true)]).results).toEqual([
      { ok: false, permanent: true, error: { kind: 'rejected', message: 'unknown' } },
    ]);
  });

  it('a message is kept up to a length, in a form that every store can keep', () => {
    const [long, odd] = matchResults(
      [1n, 2n],
      [refused(1n, '🙂'.repeat(1000)), refused(2n, 'a\0b\ud800c')],
    ).results;

    const longMessage = long?.ok === false ? long.error.message : '';
    expect(longMessage.length).toBeLessThanOrEqual(500);
    expect(longMessage.isWellFormed()).toBe(true);
    expect(odd).toMatchObject({ error: { message: 'a\ufffdb\ufffdc' } });
  });
});
