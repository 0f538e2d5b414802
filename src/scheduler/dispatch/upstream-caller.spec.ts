import { describe, expect, it, jest } from '@jest/globals';
import {
  ALL_OK,
  allFailed,
  CALL,
  call,
  ScriptedUpstream,
  useFakeTimersAndWarnings,
} from '../../../test/support/upstream-caller.js';

describe('The upstream caller', () => {
  const warnings = useFakeTimersAndWarnings();

  it('hands the dispatch over as it is, before it returns', () => {
    const api = new ScriptedUpstream(() => Promise.resolve(ALL_OK));
    void call(api);

    expect(api.calls).toEqual([CALL]);
  });

  it('makes a result of each answer, and leaves no timer behind', async () => {
    const api = new ScriptedUpstream(() => Promise.resolve(ALL_OK));

    expect(await call(api)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(jest.getTimerCount()).toBe(0);
    expect(warnings).toEqual([]);
  });

  it('names what was answered beyond the question, ten at the most', async () => {
    const answers = Array.from({ length: 13 }, (_, i) => ({ id: BigInt(i + 1), ok: true, data: null }));
    await call(new ScriptedUpstream(() => Promise.resolve(answers)));

    expect(warnings).toEqual([
      expect.stringMatching(
        /^dispatch a dispatch: unexpected results ignored: id 3 not asked for, .*id 12 .* and 1 more$/,
      ),
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ok'],
    ['an object', { results: ALL_OK }],
    ['a list of null', [null]],
    ['a list with a hole', [ALL_OK[0], undefined]],
    ['an answer without id', [{ ok: true }]],
    ['an answer whose id is a number', [{ id: 1, ok: true }]],
    ['an answer neither good nor bad', [{ id: 1n, ok: 'yes' }]],
    ['a bad answer without message', [{ id: 1n, ok: false, permanent: false }]],
    ['a bad answer whose message is no text', [{ id: 1n, ok: false, message: {}, permanent: false }]],
    ['a bad answer that says neither passing nor permanent', [{ id: 1n, ok: false, message: 'no' }]],
  ])('takes %s for a bad answer, whatever else it holds', async (_, answers) => {
    expect(await call(new ScriptedUpstream(() => Promise.resolve(answers)))).toEqual(
      allFailed('bad_answer', 'the answer is not a list of answers to ids'),
    );
  });

  it('fails every id where the upstream returns no promise', async () => {
    expect(await call(new ScriptedUpstream(() => undefined))).toEqual(
      allFailed('network', expect.any(String)),
    );
  });

  it('fails every id where looking at the answer throws', async () => {
    const trap = new Proxy(
      {},
      {
        has: () => {
          throw new Error('trapped');
        },
      },
    );

    expect(await call(new ScriptedUpstream(() => Promise.resolve([trap])))).toEqual(
      allFailed('network', 'trapped'),
    );
  });
});
