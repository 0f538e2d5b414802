import { describe, expect, it } from '@jest/globals';
import type { FillTerms } from '../../src/scheduler/queue/fill.js';
import type { SingleClaim } from '../support/claims.js';
import { HOUR, idsOf, MINUTE, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

const FILL: FillTerms = { minFill: 3, maxWaitMs: HOUR, exemptRanks: [0] };
/** PostgreSQL runs in real time. */
const SLACK_MS = 10 * SECOND;

describe.each(STORES)('$name: a dispatch with a minimum fill', (underTest) => {
  const gate = useGate(underTest);

  const claim = (fill = FILL): Promise<SingleClaim> => gate.claim({ fill });

  /** Claims, and returns for how long the lane still waits to fill a dispatch. */
  async function waitsMs(fill = FILL): Promise<{ opensInMs: number; fullInMs: number }> {
    const claimed = await claim(fill);
    if (claimed.kind !== 'filling') {
      throw new Error(`not filling, but ${claimed.kind}`);
    }
    return claimed;
  }

  it('waits until the oldest of its ids has waited for the maximum time, over a restart', async () => {
    await gate.accept('LOW', [1]);
    await gate.store.advance(20 * MINUTE);
    await gate.accept('LOW', [2]);

    const { opensInMs, fullInMs } = await waitsMs();
    expect(opensInMs).toBe(fullInMs);
    expect(fullInMs).toBeLessThanOrEqual(40 * MINUTE);
    expect(fullInMs).toBeGreaterThan(40 * MINUTE - SLACK_MS);
    await gate.restart();
    await gate.store.advance(40 * MINUTE - SLACK_MS);
    expect((await waitsMs()).fullInMs).toBeLessThanOrEqual(SLACK_MS);
    await gate.store.advance(SLACK_MS);
    expect(idsOf(await gate.dispatch({ fill: FILL }))).toEqual([1n, 2n]);
  });

  it('goes as soon as enough ids are pending, of any priority', async () => {
    await gate.accept('LOW', [1]);
    await gate.accept('MEDIUM', [2]);
    await waitsMs();
    await gate.accept('LOW', [3, 4]);

    expect(idsOf(await gate.dispatch({ fill: FILL }))).toEqual([2n, 1n, 3n]);
    expect(await claim()).toMatchObject({ kind: 'filling' });
  });

  it('takes no slot while it waits', async () => {
    await gate.accept('LOW', [1]);
    const terms = { fill: FILL, delayMs: HOUR };
    expect(await gate.claim(terms)).toMatchObject({ kind: 'filling' });
    expect(await gate.claim(terms)).toMatchObject({ kind: 'filling' });
    await gate.accept('HIGH', [2]);

    expect(idsOf(await gate.dispatch(terms))).toEqual([2n, 1n]);
    expect(await gate.claim(terms)).toMatchObject({ kind: 'slot_closed' });
  });

  it('does not wait with an id of an exempt priority', async () => {
    await gate.accept('HIGH', [1]);

    expect(idsOf(await gate.dispatch({ fill: FILL }))).toEqual([1n]);
  });

  it('is looked at again when a retry falls due, which may complete it', async () => {
    await gate.accept('LOW', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), [retryIn(0), retryIn(MINUTE), retryIn(2 * MINUTE)]);

    const { opensInMs, fullInMs } = await waitsMs();
    expect(opensInMs).toBeLessThanOrEqual(MINUTE);
    expect(opensInMs).toBeGreaterThan(MINUTE - SLACK_MS);
    expect(fullInMs).toBeGreaterThan(HOUR - SLACK_MS);
    await gate.store.advance(MINUTE);
    expect((await waitsMs()).opensInMs).toBeGreaterThan(MINUTE - SLACK_MS);
    await gate.store.advance(MINUTE);
    expect(idsOf(await gate.dispatch({ fill: FILL }))).toEqual([1n, 2n, 3n]);
  });

  it('waits alone while full ones go in the same claim', async () => {
    await gate.accept('LOW', [1, 2, 3, 4, 5, 6, 7]);
    const claimed = await gate.queue.claimMany({
      lane: 'default',
      batchSize: 3,
      delayMs: 0,
      leaseMs: MINUTE,
      agingMs: null,
      maxDispatches: 5,
      fill: FILL,
    });

    expect(claimed.kind === 'claimed' ? claimed.dispatches.map(idsOf) : []).toEqual([
      [1n, 2n, 3n],
      [4n, 5n, 6n],
    ]);
    expect(await claim()).toMatchObject({ kind: 'filling' });
  });
});
