import { describe, expect, it, jest } from '@jest/globals';
import {
  ALL_OK,
  allFailed,
  call,
  ScriptedUpstream,
  TIMEOUT_MS,
  useFakeTimersAndWarnings,
} from '../../../test/support/upstream-caller.js';
import { UpstreamCallError } from '../../external-api/external-api.js';

const OK = { ok: true, dataJson: '"processed"' };

describe('The upstream caller', () => {
  const warnings = useFakeTimersAndWarnings();

  describe('where the upstream is slow', () => {
    it('fails every id for now when the time is over, and not before', async () => {
      const results = call(new ScriptedUpstream(() => new Promise(() => undefined)));
      let isSettled = false;
      void results.then(() => (isSettled = true));
      await jest.advanceTimersByTimeAsync(TIMEOUT_MS - 1);
      expect(isSettled).toBe(false);
      await jest.advanceTimersByTimeAsync(1);

      expect(await results).toEqual(allFailed('timeout', 'no answer within 30 s'));
    });

    it('aborts the call through its signal', async () => {
      const api = new ScriptedUpstream(() => new Promise(() => undefined));
      const results = call(api);
      expect(api.signal?.aborted).toBe(false);
      await jest.advanceTimersByTimeAsync(TIMEOUT_MS);
      await results;

      expect(api.signal?.aborted).toBe(true);
      expect(api.signal?.reason).toBeInstanceOf(UpstreamCallError);
    });

    it('reports the timeout also where the call answers its abort with an error', async () => {
      const api = new ScriptedUpstream(
        () =>
          new Promise((_, reject) => {
            setImmediate(() =>
              api.signal?.addEventListener('abort', () => {
                reject(new Error('aborted'));
              }),
            );
          }),
      );
      const results = call(api);
      await new Promise((resolve) => setImmediate(resolve));
      await jest.advanceTimersByTimeAsync(TIMEOUT_MS);

      expect(await results).toEqual(allFailed('timeout', expect.any(String)));
    });

    it.each([
      [
        'an answer',
        (late: PromiseWithResolvers<unknown>) => {
          late.resolve(ALL_OK);
        },
        1,
      ],
      [
        'garbage',
        (late: PromiseWithResolvers<unknown>) => {
          late.resolve(null);
        },
        1,
      ],
      [
        'a failure',
        (late: PromiseWithResolvers<unknown>) => {
          late.reject(new Error('late'));
        },
        0,
      ],
    ])('drops %s that comes after it', async (_, end, notes) => {
      const late = Promise.withResolvers<unknown>();
      const results = call(new ScriptedUpstream(() => late.promise));
      await jest.advanceTimersByTimeAsync(TIMEOUT_MS);
      const settled = await results;
      end(late);
      await jest.advanceTimersByTimeAsync(1);

      expect(settled).toEqual(allFailed('timeout', expect.any(String)));
      expect(warnings).toHaveLength(notes);
    });
  });

  it('keeps the answers that are there when the time is over, and fails the rest', async () => {
    const api = new ScriptedUpstream(
      () =>
        new Promise((resolve) => {
          setImmediate(() =>
            api.signal?.addEventListener('abort', () => {
              resolve([ALL_OK[0]]);
            }),
          );
        }),
    );
    const results = call(api);
    await new Promise((resolve) => setImmediate(resolve));
    await jest.advanceTimersByTimeAsync(TIMEOUT_MS);

    expect(await results).toEqual([OK, expect.objectContaining({ ok: false })]);
    expect(warnings).toEqual([]);
  });

  describe('when the gate stops', () => {
    it('ends the call with the reason and without a result', async () => {
      const [stop, reason] = [new AbortController(), new Error('the gate is stopping')];
      const api = new ScriptedUpstream(() => new Promise(() => undefined));
      const results = call(api, stop.signal);
      stop.abort(reason);

      await expect(results).rejects.toBe(reason);
      expect(api.signal?.aborted).toBe(true);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('makes no call any more', async () => {
      const api = new ScriptedUpstream(() => Promise.resolve(ALL_OK));

      await expect(call(api, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
      expect(api.calls).toEqual([]);
    });

    it('keeps a result that came before', async () => {
      const stop = new AbortController();
      const results = await call(new ScriptedUpstream(() => Promise.resolve(ALL_OK)), stop.signal);
      stop.abort();

      expect(results).toMatchObject([{ ok: true }, { ok: true }]);
    });
  });
});
