import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  UpstreamCallError,
  ExternalApi,
  type UpstreamResult,
  type UpstreamCall,
} from '../../external-api/external-api.js';
import { UpstreamCaller, type CallResult } from './upstream-caller.js';
import type { IdResult } from './match-results.js';

const TIMEOUT_MS = 30_000;
const CALL: UpstreamCall = { dispatchId: 'a dispatch', ids: [1n, 2n] };
const OK = { ok: true, dataJson: '"processed"' };
const NEVER = new AbortController().signal;
const ALL_OK: readonly UpstreamResult[] = CALL.ids.map((id) => ({ id, ok: true, data: 'processed' }));

/** An upstream that does what the test says. */
class ScriptedApi extends ExternalApi {
  override readonly description = 'scripted';
  readonly calls: UpstreamCall[] = [];
  signal: AbortSignal | undefined;

  constructor(private readonly script: () => unknown) {
    super();
  }

  override process(call: UpstreamCall, signal: AbortSignal): Promise<readonly UpstreamResult[]> {
    this.calls.push(call);
    this.signal = signal;
    return this.script() as Promise<readonly UpstreamResult[]>;
  }
}

function allFailed(kind: string, message: unknown, permanent = false): unknown {
  return CALL.ids.map(() => ({ ok: false, permanent, error: { kind, message } }));
}

describe('The external caller', () => {
  const warnings: string[] = [];

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    warnings.length = 0;
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => {
      warnings.push((line as { msg: string }).msg);
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  function callWhole(api: ExternalApi, stop = NEVER): Promise<CallResult> {
    const lane = { options: { name: 'default', timeoutMs: TIMEOUT_MS }, externalApi: api };
    return new UpstreamCaller().call(lane, CALL, stop);
  }

  async function call(api: ExternalApi, stop = NEVER): Promise<readonly IdResult[]> {
    return (await callWhole(api, stop)).results;
  }

  it('hands the dispatch over as it is, before it returns', () => {
    const api = new ScriptedApi(() => Promise.resolve(ALL_OK));
    void call(api);

    expect(api.calls).toEqual([CALL]);
  });

  it('makes a result of each answer, and leaves no timer behind', async () => {
    const api = new ScriptedApi(() => Promise.resolve(ALL_OK));

    expect(await call(api)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(jest.getTimerCount()).toBe(0);
    expect(warnings).toEqual([]);
  });

  it('names what was answered beyond the question, ten at the most', async () => {
    const answers = Array.from({ length: 13 }, (_, i) => ({ id: BigInt(i + 1), ok: true, data: null }));
    await call(new ScriptedApi(() => Promise.resolve(answers)));

    expect(warnings).toEqual([
      expect.stringMatching(
        /^dispatch a dispatch: answers ignored: id 3 not asked for, .*id 12 .* and 1 more$/,
      ),
    ]);
  });

  describe('where the upstream is slow', () => {
    it('fails every id for now when the time is over, and not before', async () => {
      const results = call(new ScriptedApi(() => new Promise(() => undefined)));
      let isSettled = false;
      void results.then(() => (isSettled = true));
      await jest.advanceTimersByTimeAsync(TIMEOUT_MS - 1);
      expect(isSettled).toBe(false);
      await jest.advanceTimersByTimeAsync(1);

      expect(await results).toEqual(allFailed('timeout', 'no answer within 30 s'));
    });

    it('aborts the call through its signal', async () => {
      const api = new ScriptedApi(() => new Promise(() => undefined));
      const results = call(api);
      expect(api.signal?.aborted).toBe(false);
      await jest.advanceTimersByTimeAsync(TIMEOUT_MS);
      await results;

      expect(api.signal?.aborted).toBe(true);
      expect(api.signal?.reason).toBeInstanceOf(UpstreamCallError);
    });

    it('reports the timeout also where the call answers its abort with an error', async () => {
      const api = new ScriptedApi(
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
      const results = call(new ScriptedApi(() => late.promise));
      await jest.advanceTimersByTimeAsync(TIMEOUT_MS);
      const settled = await results;
      end(late);
      await jest.advanceTimersByTimeAsync(1);

      expect(settled).toEqual(allFailed('timeout', expect.any(String)));
      expect(warnings).toHaveLength(notes);
    });
  });

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
      expect(await call(new ScriptedApi(() => Promise.reject(thrown as Error)))).toEqual(
        allFailed(kind, message, permanent),
      );
      expect(jest.getTimerCount()).toBe(0);
    });

    it('before it returns a promise: the same', async () => {
      const api = new ScriptedApi(() => {
        throw new UpstreamCallError('network', 'no route');
      });

      expect(await call(api)).toEqual(allFailed('network', 'no route'));
      expect(jest.getTimerCount()).toBe(0);
    });

    it('with a message of any length: keeps the beginning of it', async () => {
      const [result] = await call(new ScriptedApi(() => Promise.reject(new Error('x\0'.repeat(100_000)))));

      expect(result).toMatchObject({ error: { message: 'x\ufffd'.repeat(250) } });
    });
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
    expect(await call(new ScriptedApi(() => Promise.resolve(answers)))).toEqual(
      allFailed('bad_answer', 'the answer is not a list of answers to ids'),
    );
  });

  it('fails every id where the upstream returns no promise', async () => {
    expect(await call(new ScriptedApi(() => undefined))).toEqual(allFailed('network', expect.any(String)));
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

    expect(await call(new ScriptedApi(() => Promise.resolve([trap])))).toEqual(
      allFailed('network', 'trapped'),
    );
  });

  it('keeps the answers that are there when the time is over, and fails the rest', async () => {
    const api = new ScriptedApi(
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
      ['one is to come back later', [failedFor(first), failedFor(second, { retryAfterMs: 7 })], false, 7],
    ])('%s', async (_, answers, isFailure, holdMs) => {
      const result = await callWhole(new ScriptedApi(() => Promise.resolve(answers)));
      expect(result).toMatchObject({ isFailure, holdMs });
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
      const result = await callWhole(new ScriptedApi(() => Promise.reject(error)));
      expect(result).toMatchObject({ isFailure, holdMs });
    });
  });

  describe('when the gate stops', () => {
    it('ends the call with the reason and without a result', async () => {
      const [stop, reason] = [new AbortController(), new Error('the gate is stopping')];
      const api = new ScriptedApi(() => new Promise(() => undefined));
      const results = call(api, stop.signal);
      stop.abort(reason);

      await expect(results).rejects.toBe(reason);
      expect(api.signal?.aborted).toBe(true);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('makes no call any more', async () => {
      const api = new ScriptedApi(() => Promise.resolve(ALL_OK));

      await expect(call(api, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
      expect(api.calls).toEqual([]);
    });

    it('keeps a result that came before', async () => {
      const stop = new AbortController();
      const results = await call(new ScriptedApi(() => Promise.resolve(ALL_OK)), stop.signal);
      stop.abort();

      expect(results).toMatchObject([{ ok: true }, { ok: true }]);
    });
  });
});
