import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { CallResult } from '../dispatch/upstream-caller.js';

const COOLDOWN_MS = 30_000;
const GOOD: CallResult = { results: [], isFailure: false, holdMs: 0, isRateLimited: false };
const BAD: CallResult = { ...GOOD, isFailure: true };

describe('The breaker', () => {
  let clock: ManualClock;
  let circuitBreaker: CircuitBreaker;
  let lines: string[];

  beforeEach(() => {
    clock = new ManualClock();
    circuitBreaker = new CircuitBreaker({ threshold: 3, cooldownMs: COOLDOWN_MS }, clock, 'eu');
    lines = [];
    for (const level of ['log', 'warn'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation((line: unknown) => {
        lines.push(JSON.stringify(line));
      });
    }
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function see(...results: (CallResult | null)[]): Promise<void> {
    for (const result of results) {
      await circuitBreaker.execute(() => Promise.resolve(result));
    }
  }

  it('hands on what it watches', async () => {
    expect(await circuitBreaker.execute(() => Promise.resolve(BAD))).toBe(BAD);
    expect(await circuitBreaker.execute(() => Promise.resolve(null))).toBeNull();
    await expect(circuitBreaker.execute(() => Promise.reject(new Error('stopped')))).rejects.toThrow(
      'stopped',
    );
  });

  it('makes the call before it returns', () => {
    const call = jest.fn(() => Promise.resolve(GOOD));
    void circuitBreaker.execute(call);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('opens after so many failures in a row, and not before', async () => {
    await see(BAD, BAD, GOOD, BAD, BAD);
    expect(circuitBreaker.status()).toEqual({ state: 'closed', openedAtMs: null, probeInMs: null });
    expect(circuitBreaker.retryInMs).toBe(0);
    await see(BAD);

    expect(circuitBreaker.status()).toEqual({
      state: 'open',
      openedAtMs: clock.wallMs(),
      probeInMs: COOLDOWN_MS,
    });
    expect(circuitBreaker.retryInMs).toBe(COOLDOWN_MS);
    expect(lines).toEqual([expect.stringMatching(/nothing is sent for 30 s.*"lane":"eu"/)]);
  });

  it('lets one dispatch try after a while, whatever the wall clock says', async () => {
    await see(BAD, BAD, BAD);
    clock.jumpWall(-3_600_000);
    clock.advance(COOLDOWN_MS - 1);
    expect(circuitBreaker.retryInMs).toBe(1);
    clock.advance(1);
    expect(circuitBreaker.retryInMs).toBe(0);

    const { promise, resolve } = Promise.withResolvers<CallResult>();
    const probe = circuitBreaker.execute(() => promise);
    expect([circuitBreaker.retryInMs, circuitBreaker.status().state]).toEqual([null, 'probing']);
    resolve(GOOD);
    await probe;
    expect([circuitBreaker.retryInMs, circuitBreaker.status().state]).toEqual([0, 'closed']);
    expect(lines).toEqual([
      expect.stringContaining('nothing is sent'),
      expect.stringMatching(/the upstream answers again.*"lane":"eu"/),
    ]);
  });

  it.each([
    ['fails', BAD],
    ['was not made after all', null],
  ])('waits as long again where the try %s', async (_, result) => {
    await see(BAD, BAD, BAD);
    clock.advance(COOLDOWN_MS);
    await see(result);
    expect(circuitBreaker.retryInMs).toBe(COOLDOWN_MS);
    clock.advance(COOLDOWN_MS);
    await see(GOOD);

    expect(circuitBreaker.retryInMs).toBe(0);
  });

  it('closed by a try, counts anew', async () => {
    await see(BAD, BAD, BAD);
    clock.advance(COOLDOWN_MS);
    await see(GOOD, BAD, BAD);
    expect(circuitBreaker.retryInMs).toBe(0);
    await see(BAD);

    expect(circuitBreaker.retryInMs).toBe(COOLDOWN_MS);
  });

  it('is not closed by a call that began before it opened', async () => {
    const { promise, resolve } = Promise.withResolvers<CallResult>();
    const early = circuitBreaker.execute(() => promise);
    await see(BAD, BAD, BAD);
    resolve(GOOD);
    await early;

    expect(circuitBreaker.status().state).toBe('open');
  });

  it('is not opened again by a call that began before it opened and fails during the probe', async () => {
    const early = Promise.withResolvers<CallResult>();
    const probe = Promise.withResolvers<CallResult>();
    const earlyCall = circuitBreaker.execute(() => early.promise);
    await see(BAD, BAD, BAD);
    clock.advance(COOLDOWN_MS);
    const probeCall = circuitBreaker.execute(() => probe.promise);
    early.resolve(BAD);
    await earlyCall;
    expect(circuitBreaker.status().state).toBe('probing');
    probe.resolve(GOOD);
    await probeCall;

    expect(circuitBreaker.status().state).toBe('closed');
  });

  it('waits as long again after a probe that threw', async () => {
    await see(BAD, BAD, BAD);
    clock.advance(COOLDOWN_MS);
    await expect(circuitBreaker.execute(() => Promise.reject(new Error('stopped')))).rejects.toThrow(
      'stopped',
    );

    expect(circuitBreaker.retryInMs).toBe(COOLDOWN_MS);
  });

  it('reports each change of its state', async () => {
    const states: string[] = [];
    circuitBreaker.onChange(({ state }) => states.push(state));
    await see(BAD, BAD, BAD);
    clock.advance(COOLDOWN_MS);
    await see(GOOD);

    expect(states).toEqual(['open', 'probing', 'closed']);
  });

  it('does not count a call that was not made', async () => {
    await see(BAD, BAD, null);
    expect(circuitBreaker.status().state).toBe('closed');
  });

  it('never opens where it is turned off', async () => {
    circuitBreaker = new CircuitBreaker({ threshold: 0, cooldownMs: COOLDOWN_MS }, clock);
    await see(GOOD, ...new Array<CallResult>(1000).fill(BAD));

    expect(circuitBreaker.retryInMs).toBe(0);
  });

  it('lets calls begin in a process that is younger than the cool-down', () => {
    circuitBreaker = new CircuitBreaker({ threshold: 3, cooldownMs: COOLDOWN_MS }, new ManualClock(0, 5));

    expect(circuitBreaker.retryInMs).toBe(0);
  });
});
