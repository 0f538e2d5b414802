import { describe, expect, it } from '@jest/globals';
import type { Dispatch } from '../../src/domain/dispatch.js';
import type { NewIngestion } from '../../src/domain/ingestion.js';
import { parseLimits } from '../../src/domain/limits/parse-limits.js';
import type { Priority } from '../../src/domain/priority.js';
import { LaneRules } from '../../src/scheduler/rules/lane-rules.js';
import type { ClaimTerms } from '../support/claims.js';
import { COMPLETED, HOUR, idsOf, MINUTE, newIngestion, retryIn, SECOND, TERMS, useGate } from './gate.js';
import { STORES } from './stores.js';

const LANES = ['a', 'b', 'c', 'd'];

function inLane(lane: string, priority: Priority, ids: readonly number[]): NewIngestion {
  return { ...newIngestion(priority, ids), lane };
}

describe.each(STORES)('$name, lanes that claim at the same moment:', (underTest) => {
  const gate = useGate(underTest);

  /** Claims in every lane at the same moment. Resolves with null for a lane without a dispatch. */
  async function dispatchAll(
    terms: Partial<ClaimTerms> = {},
    ofLane: Readonly<Record<string, Partial<ClaimTerms>>> = {},
  ): Promise<(Dispatch | null)[]> {
    const { queue } = gate;
    const claims = await Promise.all(
      LANES.map((lane) => queue.claim({ ...TERMS, ...terms, ...ofLane[lane], lane })),
    );
    return claims.map((claim) => (claim.kind === 'dispatch' ? claim.dispatch : null));
  }

  /** Does the same. Resolves with the ids of each. */
  async function claimAll(...terms: Parameters<typeof dispatchAll>): Promise<(bigint[] | null)[]> {
    return (await dispatchAll(...terms)).map((dispatch) => dispatch && idsOf(dispatch));
  }

  it('each takes its own ids in its order, and counts them in its own sums', async () => {
    await gate.acceptAll([
      inLane('a', 'LOW', [1, 2, 3, 4]),
      inLane('a', 'HIGH', [5]),
      inLane('b', 'LOW', [1]),
      inLane('b', 'MEDIUM', [6, 7]),
      inLane('d', 'LOW', [8, 9, 10, 11]),
    ]);

    const dispatches = await dispatchAll();
    expect(dispatches.map((dispatch) => dispatch && idsOf(dispatch))).toEqual([
      [5n, 1n, 2n],
      [6n, 7n, 1n],
      null,
      [8n, 9n, 10n],
    ]);
    const stats = await Promise.all(LANES.map((lane) => gate.store.queue.stats(lane)));
    expect(stats.map(({ pending, inFlight }) => [pending.LOW, inFlight])).toEqual([
      [2, 3],
      [0, 3],
      [0, 0],
      [1, 3],
    ]);
    expect(await claimAll()).toEqual([[3n, 4n], null, null, [11n]]);
    for (const dispatch of dispatches.filter((some) => some !== null)) {
      expect(await gate.settle(dispatch, COMPLETED)).toBe(true);
    }
  });

  it('each sends its retries first, and others’ new ids beside them', async () => {
    await gate.acceptAll([
      inLane('a', 'LOW', [1, 2]),
      inLane('b', 'LOW', [3, 4, 5]),
      inLane('c', 'LOW', [6]),
    ]);
    await gate.settle(await gate.dispatch({ lane: 'a', batchSize: 1 }), retryIn(SECOND));
    await gate.settle(await gate.dispatch({ lane: 'b', batchSize: 2 }), retryIn(2 * SECOND));
    await gate.store.advance(MINUTE);

    expect(await claimAll({ batchSize: 2 })).toEqual([[1n, 2n], [3n, 4n], [6n], null]);
    expect(await claimAll()).toEqual([null, [5n], null, null]);
  });

  it('each lets its own clients take turns', async () => {
    const of = (client: string, ingestion: NewIngestion): NewIngestion => ({ ...ingestion, client });
    await gate.acceptAll([
      of('x', inLane('a', 'LOW', [1, 2, 3])),
      of('y', inLane('a', 'LOW', [4])),
      of('y', inLane('b', 'LOW', [5, 6])),
      of('z', inLane('b', 'LOW', [7])),
    ]);

    const fair = { fairShare: true, batchSize: 1 };
    expect(await claimAll(fair)).toEqual([[1n], [5n], null, null]);
    expect(await claimAll(fair)).toEqual([[4n], [7n], null, null]);
    expect(await claimAll(fair)).toEqual([[2n], [6n], null, null]);
    expect(await claimAll(fair)).toEqual([[3n], null, null, null]);
  });

  it('one with a limit counts its own departures, and the others are not held', async () => {
    await gate.acceptAll(LANES.map((lane) => inLane(lane, 'LOW', [1, 2, 3, 4, 5, 6])));
    const limits = parseLimits([{ ids: 4, per: HOUR / SECOND }]);
    const rules = new LaneRules({ limits, batchSize: 3, isPerId: false, timeoutMs: MINUTE });

    const first = [1n, 2n, 3n];
    expect(await claimAll({}, { b: { rules }, c: { rules } })).toEqual([first, first, first, first]);
    expect(await claimAll({}, { b: { rules }, c: { rules } })).toEqual([
      [4n, 5n, 6n],
      [4n],
      [4n],
      [4n, 5n, 6n],
    ]);
  });
});
