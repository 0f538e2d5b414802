import { describe, expect, it, jest } from '@jest/globals';
import {
  ALL_OK,
  allFailed,
  CALL,
  call,
  callWhole,
  ScriptedUpstream,
  useFakeTimersAndWarnings,
} from '../../../test/support/upstream-caller.js';
import { UpstreamCallError, type UpstreamResult } from '../../external-api/external-api.js';

describe('The upstream caller', () => {
  useFakeTimersAndWarnings();

  describe('where the upstream fails', () => {
    it.each([
      [
        'with its own error',
        new UpstreamCallError('upstream', 'answered 503'),
        'upstream',
        'answered 503',
        false,
      ],
      ['for good', new UpstreamCallError('rejected', 'answered 400', true), 'rejected', 'answered 400', true],
      ['with any other error', new TypeError('x is undefined'), 'network', 'x is undefined', false],
      ['with no error at all', undefined, 'network', 'the call failed without an error', false],
      ['with a text', 'broken', 'network', 'the call failed without an error', false],
    ])('%s: fails every id with it', async (_, thrown, kind, message, permanent) => {
      expect(await call(new ScriptedUpstream(() => Promise.reject(thrown as Error)))).toEqual(
        allFailed(kind, message, permanent),
      );
      expect(jest.getTimerCount()).toBe(0);
    });

    it('with an HTTP status: keeps it with the error of every id, which dead letters are found by', async () => {
      const refused = new UpstreamCallError('rejected', 'answered 404', true, { upstreamStatus: 404 });
      const results = await call(new ScriptedUpstream(() => Promise.reject(refused)));

      const error = { kind: 'rejected', message: 'answered 404', upstreamStatus: 404 };
      expect(results).toMatchObject(CALL.ids.map(() => ({ error })));
    });

    it('before it returns a promise: the same', async () => {
      const api = new ScriptedUpstream(() => {
        throw new UpstreamCallError('network', 'no route');
      });

      expect(await call(api)).toEqual(allFailed('network', 'no route'));
      expect(jest.getTimerCount()).toBe(0);
    });

    it('with a message of any length: keeps the beginning of it', async () => {
      const [result] = await call(
        new ScriptedUpstream(() => Promise.reject(new Error('x\0'.repeat(100_000)))),
      );

      expect(result).toMatchObject({ error: { message: 'x\ufffd'.repeat(250) } });
    });
  });

  describe('tells whether the upstream does its work:', () => {
    const failedFor = (id: bigint, more: object = {}): UpstreamResult => ({
      id,
      ok: false,
      message: 'no',
      permanent: false,
      ...more,
    });
    const [first, second] = CALL.ids as [bigint, bigint];

    it.each([
      ['all ids succeed', ALL_OK, false, 0],
      ['one id fails for now', [ALL_OK[0], failedFor(second)], false, 0],
      ['all ids fail for now', [failedFor(first), failedFor(second)], true, 0],
      ['an id is left out and the other fails for now', [failedFor(first)], true, 0],
      ['all ids are refused for good', CALL.ids.map((id) => failedFor(id, { permanent: true })), false, 0],
      [
        'one is refused with a 429',
        [failedFor(first), failedFor(second, { isRateLimited: true })],
        false,
        0,
        true,
      ],
      ['one is to come back later', [failedFor(first), failedFor(second, { retryAfterMs: 7 })], false, 7],
    ])('%s', async (_, answers, isFailure, holdMs, isRateLimited = false) => {
      const result = await callWhole(new ScriptedUpstream(() => Promise.resolve(answers)));
      expect(result).toMatchObject({ isFailure, holdMs, isRateLimited });
    });

    it.each([
      ['fails', new UpstreamCallError('upstream', 'answered 500'), true, 0],
      ['is refused for good', new UpstreamCallError('rejected', 'answered 401', true), true, 0],
      [
        'is to come back later',
        new UpstreamCallError('upstream', 'answered 429', false, { retryAfterMs: 9 }),
        false,
        9,
      ],
    ])('the whole call %s', async (_, error, isFailure, holdMs) => {
      const result = await callWhole(new ScriptedUpstream(() => Promise.reject(error)));
      expect(result).toMatchObject({ isFailure, holdMs });
    });

    it('a 429 is no failure, but where nothing holds the lane', async () => {
      const error = new UpstreamCallError('upstream', 'answered 429', false, { isRateLimited: true });
      const api = new ScriptedUpstream(() => Promise.reject(error));

      expect(await callWhole(api)).toMatchObject({ isFailure: false, isRateLimited: true });
      expect(await callWhole(api, undefined, 0)).toMatchObject({ isFailure: true, isRateLimited: true });
    });
  });
});
