import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { SingleClaim } from '../support/claims.js';
import { COMPLETED, HOUR, idsOf, MINUTE, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

/** A delay much longer than the real time of a test. */
const PACE = { delayMs: 10 * MINUTE, batchSize: 1, leaseMs: HOUR };
const SLACK_MS = 10 * SECOND;

function opensInMs(claim: SingleClaim): number {
  if (claim.kind !== 'slot_closed') {
    throw new Error(`not closed, but ${claim.kind}`);
  }
  return claim.opensInMs;
}

describe.each(STORES)('$name keeps the pace:', (underTest) => {
  const gate = useGate(underTest);

  it('claims at once when the gate is idle', async () => {
    await gate.accept('LOW', [1]);

    expect(idsOf(await gate.dispatch(PACE))).toEqual([1n]);
  });

  it('refuses a second claim within the delay, and says when the slot opens', async () => {
    await gate.accept('LOW', [1, 2]);
    await gate.dispatch(PACE);

    const first = opensInMs(await gate.claim(PACE));
    expect(first).toBeLessThanOrEqual(PACE.delayMs);
    expect(first).toBeGreaterThan(PACE.delayMs - SLACK_MS);
    await gate.store.advance(4 * MINUTE);
    const second = opensInMs(await gate.claim(PACE));
    expect(second).toBeLessThanOrEqual(first - 4 * MINUTE);
    expect(second).toBeGreaterThan(first - 4 * MINUTE - SLACK_MS);
    await gate.store.advance(second);
    expect(idsOf(await gate.dispatch(PACE))).toEqual([2n]);
  });

  it('lets exactly one of 20 concurrent claims take the slot', async () => {
    await gate.accept('LOW', [1, 2, 3, 4, 5]);

    const claims = await Promise.all(Array.from({ length: 20 }, () => gate.claim(PACE)));

    expect(claims.filter(({ kind }) => kind === 'dispatch')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'slot_closed')).toHaveLength(19);
  });

  it('claims and changes nothing while the slot is closed', async () => {
    const id = await gate.accept('LOW', [1, 2]);
    await gate.dispatch(PACE);
    const before = await gate.find(id);
    await gate.claim(PACE);

    expect(await gate.find(id)).toEqual(before);
  });

  it('gives no second slot for one that stood open longer', async () => {
    await gate.accept('LOW', [1, 2, 3]);
    await gate.dispatch(PACE);
    await gate.store.advance(3 * PACE.delayMs);
    await gate.dispatch(PACE);

    expect(opensInMs(await gate.claim(PACE))).toBeGreaterThan(PACE.delayMs - SLACK_MS);
  });

  it('takes no slot when a claim finds nothing', async () => {
    expect(await gate.claim(PACE)).toEqual({ kind: 'nothing_due', dueInMs: null });
    await gate.accept('LOW', [1]);

    expect(idsOf(await gate.dispatch(PACE))).toEqual([1n]);
  });

  it('takes no slot when a claim finds only retries not due', async () => {
    await gate.accept('LOW', [1]);
    await gate.settle(await gate.dispatch(PACE), retryIn(HOUR));
    await gate.store.advance(PACE.delayMs);
    expect(await gate.claim(PACE)).toMatchObject({ kind: 'nothing_due' });
    await gate.accept('LOW', [2]);

    expect(idsOf(await gate.dispatch(PACE))).toEqual([2n]);
  });

  it('keeps the slot closed after the outcome or a release of its dispatch', async () => {
    await gate.accept('LOW', [1, 2]);
    await gate.settle(await gate.dispatch(PACE), COMPLETED);
    expect(opensInMs(await gate.claim(PACE))).toBeGreaterThan(PACE.delayMs - SLACK_MS);

    await gate.store.advance(PACE.delayMs);
    await gate.release(await gate.dispatch(PACE));
    expect(opensInMs(await gate.claim(PACE))).toBeGreaterThan(PACE.delayMs - SLACK_MS);
  });

  it('makes a retry and a reclaimed dispatch wait for the slot like anything else', async () => {
    await gate.accept('LOW', [1]);
    await gate.dispatch({ ...PACE, leaseMs: MINUTE });
    await gate.store.advance(2 * MINUTE);
    await gate.store.dispatches.reclaimExpired();

    expect(opensInMs(await gate.claim(PACE))).toBeLessThanOrEqual(PACE.delayMs - 2 * MINUTE);
    await gate.store.advance(PACE.delayMs - 2 * MINUTE);
    expect(idsOf(await gate.dispatch(PACE))).toEqual([1n]);
  });

  it('neither opens the slot after a kill nor moves it further away than the delay', async () => {
    await gate.accept('LOW', [1, 2, 3]);
    await gate.dispatch(PACE);
    await gate.restart();

    const justAfter = opensInMs(await gate.claim(PACE));
    expect(justAfter).toBeLessThanOrEqual(PACE.delayMs);
    expect(justAfter).toBeGreaterThan(PACE.delayMs - SLACK_MS);
    await gate.store.advance(4 * MINUTE);
    await gate.restart();
    const later = opensInMs(await gate.claim(PACE));
    expect(later).toBeLessThanOrEqual(PACE.delayMs - 4 * MINUTE + SECOND);
    expect(later).toBeGreaterThan(PACE.delayMs - 4 * MINUTE - SLACK_MS);
    await gate.store.advance(later);
    expect(idsOf(await gate.dispatch(PACE))).toEqual([2n]);
  });

  it('lets a late call that no other overtook leave at once', async () => {
    await gate.accept('LOW', [1, 2]);
    const dispatch = await gate.dispatch(PACE);
    await gate.store.advance(MINUTE);

    expect(await gate.queue.awaitSendSlot(dispatch)).toBe(true);
    gate.queue.recordSent(dispatch);
    expect(opensInMs(await gate.claim(PACE))).toBeGreaterThan(PACE.delayMs - SLACK_MS);
  });

  it('gives a call that others overtook a slot of its own', async () => {
    const short = { ...PACE, delayMs: SECOND };
    await gate.accept('LOW', [1, 2, 3]);
    const dispatch = await gate.dispatch(short);
    await gate.store.advance(SECOND);
    await gate.dispatch(short);

    let isGone = false;
    const gone = gate.queue.awaitSendSlot(dispatch).then((mayLeave) => {
      isGone = true;
      return mayLeave;
    });
    await nextTurn();
    expect(isGone).toBe(false);
    await gate.store.advance(MINUTE);
    expect(await gone).toBe(true);
    expect(opensInMs(await gate.claim(PACE))).toBeGreaterThan(PACE.delayMs - SLACK_MS);
  });

  it('remembers over a kill that a call left long after its claim', async () => {
    await gate.accept('LOW', [1, 2]);
    const dispatch = await gate.dispatch(PACE);
    await gate.store.advance(MINUTE);
    gate.queue.recordSent(dispatch);
    await gate.restart();

    expect(opensInMs(await gate.claim(PACE))).toBeGreaterThan(PACE.delayMs - SLACK_MS);
  });

  it('claims at once after the gate was down for longer than the delay', async () => {
    await gate.accept('LOW', [1, 2]);
    await gate.dispatch(PACE);
    await gate.store.advance(HOUR);
    await gate.restart();

    expect(idsOf(await gate.dispatch(PACE))).toEqual([2n]);
  });

  it('applies a longer delay at once', async () => {
    await gate.accept('LOW', [1, 2]);
    await gate.dispatch(PACE);

    expect(opensInMs(await gate.claim({ ...PACE, delayMs: HOUR }))).toBeGreaterThan(HOUR - SLACK_MS);
  });

  it.each([
    ['a shorter delay', PACE.delayMs],
    ['no delay', 0],
  ])('applies %s only from the next slot on', async (_, delayMs) => {
    const shorter = { ...PACE, delayMs };
    await gate.accept('LOW', [1, 2, 3]);
    await gate.dispatch({ ...PACE, delayMs: HOUR });
    await gate.store.advance(30 * MINUTE);
    expect(opensInMs(await gate.claim(shorter))).toBeGreaterThan(30 * MINUTE - SLACK_MS);
    await gate.store.advance(30 * MINUTE);
    await gate.dispatch(shorter);
    await gate.store.advance(delayMs);

    expect(idsOf(await gate.dispatch(shorter))).toEqual([3n]);
  });

  it('applies a shorter delay only from the next slot on, also after a kill', async () => {
    await gate.accept('LOW', [1, 2, 3]);
    await gate.dispatch({ ...PACE, delayMs: HOUR });
    await gate.store.advance(30 * MINUTE);
    await gate.restart();
    expect(opensInMs(await gate.claim(PACE))).toBeGreaterThan(30 * MINUTE - SLACK_MS);
    await gate.store.advance(30 * MINUTE + SECOND);
    await gate.dispatch(PACE);
    await gate.store.advance(PACE.delayMs);

    expect(idsOf(await gate.dispatch(PACE))).toEqual([3n]);
  });

  it('turns the limit off with a delay of 0, also right after a kill', async () => {
    await gate.accept('LOW', [1, 2, 3]);
    await gate.dispatch({ batchSize: 1, delayMs: 0 });
    expect(idsOf(await gate.dispatch({ batchSize: 1, delayMs: 0 }))).toEqual([2n]);
    await gate.restart();

    expect(idsOf(await gate.dispatch({ batchSize: 1, delayMs: 0 }))).toEqual([3n]);
  });
});
