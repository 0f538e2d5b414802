import { describe, expect, it } from '@jest/globals';
import type { UpstreamResult } from './external-api.js';
import type { MockExternalApiOptions } from './external-api.options.js';
import { upstreamCall } from '../../test/support/upstream-call.js';
import { MockExternalApi } from './mock-external-api.js';
import { seededRandom } from './seeded-random.js';
import { SystemRuntime } from '../domain/system-runtime.js';

const NEVER = new AbortController().signal;
const AT_ONCE = { delayMinMs: 0, delayMaxMs: 0, errorRate: 0, random: Math.random };

function idsUpTo(last: number): bigint[] {
  return Array.from({ length: last }, (_, i) => BigInt(i + 1));
}

function call(
  ids: readonly bigint[],
  options: Partial<MockExternalApiOptions>,
  signal = NEVER,
): Promise<readonly UpstreamResult[]> {
  const api = new MockExternalApi({ ...AT_ONCE, ...options }, new SystemRuntime());
  return api.process(upstreamCall({ dispatchId: 'a dispatch', ids }), signal);
}

describe('The simulated API', () => {
  it('answers every id, exact, also one that stands twice', async () => {
    expect(await call([1n, 10000000000000000007n, 1n], {})).toEqual([
      { id: 1n, ok: true, data: 'processed' },
      { id: 10000000000000000007n, ok: true, data: 'processed' },
      { id: 1n, ok: true, data: 'processed' },
    ]);
  });

  it.each([
    ['the shortest time', 0, 20],
    ['a time in between', 0.5, 40],
    ['the longest time', 1, 60],
  ])('takes %s where chance says so, its ids side by side', async (_, chance, expectedMs) => {
    const begin = performance.now();
    await call(idsUpTo(50), { delayMinMs: 20, delayMaxMs: 60, random: () => chance });
    const tookMs = performance.now() - begin;

    expect(tookMs).toBeGreaterThan(expectedMs - 2);
    expect(tookMs).toBeLessThan(expectedMs * 20);
  });

  it('draws a time for each id', async () => {
    const draws = [0, 0.9, 1, 0.9];
    const ended: bigint[] = [];
    const api = new MockExternalApi(
      { ...AT_ONCE, delayMinMs: 5, delayMaxMs: 100, random: () => draws.shift() ?? 0 },
      new SystemRuntime(),
    );
    const slow = api
      .process(upstreamCall({ dispatchId: 'slow', ids: [1n, 2n] }), NEVER)
      .then(() => ended.push(2n));
    await api.process(upstreamCall({ dispatchId: 'fast', ids: [3n] }), NEVER).then(() => ended.push(3n));
    await slow;

    expect(draws).toEqual([]);
    expect(ended).toEqual([3n, 2n]);
  });

  it('never fails with an error rate of 0, and always with 1', async () => {
    const results = await Promise.all([0, 1].map((errorRate) => call(idsUpTo(500), { errorRate })));

    expect(results.map((answers) => answers.filter(({ ok }) => ok).length)).toEqual([500, 0]);
  });

  it('fails at its rate, passing each time', async () => {
    const answers = await call(idsUpTo(10_000), { errorRate: 0.3, random: seededRandom(1) });
    const failures = answers.filter(({ ok }) => !ok);

    expect(failures.length / answers.length).toBeCloseTo(0.3, 1);
    expect(failures[0]).toEqual({
      id: failures[0]?.id,
      ok: false,
      message: 'simulated failure',
      permanent: false,
    });
  });

  it('repeats itself for a seed, and not for another', async () => {
    const [once, again, other] = await Promise.all(
      [7, 7, 8].map((seed) => call(idsUpTo(200), { errorRate: 0.5, random: seededRandom(seed) })),
    );

    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  it('ends at once when it is aborted', async () => {
    const controller = new AbortController();
    const answers = call([1n, 2n], { delayMinMs: 3_600_000, delayMaxMs: 3_600_000 }, controller.signal);
    controller.abort();

    await expect(answers).rejects.toThrow();
  });

  it('says what it is', () => {
    const api = new MockExternalApi({ ...AT_ONCE, delayMinMs: 1000, delayMaxMs: 2500 }, new SystemRuntime());
    expect(api.description).toBe('simulated API (1 to 2.5 s per id)');
  });
});

describe('The seeded random numbers', () => {
  it.each([0, 1, -1, 2 ** 31, 2 ** 32 - 1, 123.9])('for %d lie evenly between 0 and 1', (seed) => {
    const random = seededRandom(seed);
    const numbers = Array.from({ length: 20_000 }, random);

    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(numbers.reduce((sum, number) => sum + number) / numbers.length).toBeCloseTo(0.5, 1);
    expect(new Set(numbers).size).toBeGreaterThan(19_900);
  });
});
