import { afterEach, beforeEach, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ExternalApi, type UpstreamResult, type UpstreamCall } from '../../src/external-api/external-api.js';
import type { IdResult } from '../../src/scheduler/dispatch/match-results.js';
import { UpstreamCaller, type CallResult } from '../../src/scheduler/dispatch/upstream-caller.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { upstreamCall } from './upstream-call.js';

export const TIMEOUT_MS = 30_000;
export const CALL = upstreamCall({ dispatchId: 'a dispatch', ids: [1n, 2n] });
export const ALL_OK: readonly UpstreamResult[] = CALL.ids.map((id) => ({ id, ok: true, data: 'processed' }));
const NEVER = new AbortController().signal;

/** An upstream that does what the test says; the test may also return what no upstream should. */
export class ScriptedUpstream extends ExternalApi {
  override readonly description = 'scripted';
  override readonly sharesKey = false;
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

/** The results of {@link CALL} if all its ids fail in the same way. */
export function allFailed(kind: string, message: unknown, permanent = false): unknown {
  const isOutcomeUnknown = kind === 'network' || kind === 'timeout';
  const failure = { ok: false, permanent, error: { kind, message } };
  return CALL.ids.map(() => (isOutcomeUnknown ? { ...failure, isOutcomeUnknown } : failure));
}

/** Makes {@link CALL} with a caller of its own. Rejects with the reason of `stop` when that aborts. */
export function callWhole(api: ExternalApi, stop = NEVER, retryAfterMaxMs = 3_600_000): Promise<CallResult> {
  const lane = { options: { name: 'default', timeoutMs: TIMEOUT_MS, retryAfterMaxMs }, externalApi: api };
  return new UpstreamCaller(new SystemRuntime()).call(lane, CALL, stop);
}

/** As {@link callWhole}; resolves with the results of the ids alone. */
export async function call(api: ExternalApi, stop = NEVER): Promise<readonly IdResult[]> {
  return (await callWhole(api, stop)).results;
}

/** Uses fake timers in each test of a suite. Returns the warnings of the test that runs. */
export function useFakeTimersAndWarnings(): readonly string[] {
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
  return warnings;
}
