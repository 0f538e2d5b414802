import { describe, expect, it } from '@jest/globals';
import type { Dispatch } from '../../src/domain/dispatch.js';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import type { SingleClaim } from '../support/claims.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, HOUR, idsOf, MINUTE, SECOND, TERMS, useGate } from './gate.js';
import { STORES } from './stores.js';

const SLACK_MS = 10 * SECOND;
const MANY = { ...TERMS, batchSize: 1, maxDispatches: 10, leaseMs: 2 * HOUR };
const ONE = { ...MANY, maxDispatches: 1 };

function only(dispatch: Dispatch | undefined): Dispatch {
  if (dispatch === undefined) {
    throw new Error('nothing was claimed');
  }
  return dispatch;
}

describe.each(STORES)('$name: the calls that an upstream says to remain', (underTest) => {
  const gate = useGate(underTest);

  function tell(
    dispatch: Dispatch,
    remaining: number,
    { forMs = HOUR, isPerId = false } = {},
  ): Promise<void> {
    return gate.store.dispatches.limitCalls(dispatch, { remaining, forMs, isPerId });
  }

  /** Claims as many dispatches of one id as may go now. */
  async function claimMany(terms = {}): Promise<readonly Dispatch[]> {
    const claim = await gate.queue.claimMany({ ...MANY, ...terms });
    return claim.kind === 'claimed' ? claim.dispatches : [];
  }

  async function expectHeld(forMs: number): Promise<void> {
    const claim: SingleClaim = await gate.claim(MANY);
    expect(claim.kind).toBe('held');
    expect(Math.abs((claim.kind === 'held' ? claim.opensInMs : 0) - forMs)).toBeLessThan(SLACK_MS);
    const { heldForMs } = await gate.store.queue.stats(DEFAULT_LANE);
    expect(Math.abs(heldForMs - forMs)).toBeLessThan(SLACK_MS);
  }

  it('are the most that claims take; then the lane is held until the reset', async () => {
    await gate.accept('LOW', idRange(1, 20));
    const first = await gate.dispatch(ONE);
    await gate.settle(first, COMPLETED);
    await tell(first, 3);
    expect((await gate.store.dispatches.readGate(DEFAULT_LANE)).callsLeft).toBe(3);

    expect((await claimMany({ maxDispatches: 2 })).flatMap(idsOf)).toEqual([2n, 3n]);
    await gate.store.advance(MINUTE);
    expect((await claimMany()).flatMap(idsOf)).toEqual([4n]);
    await expectHeld(59 * MINUTE);
    await gate.store.advance(59 * MINUTE);
    expect(await claimMany()).toHaveLength(10);
  });

  it('are not forgotten over a kill', async () => {
    await gate.accept('LOW', idRange(1, 20));
    const first = await gate.dispatch(ONE);
    await tell(first, 2);
    await gate.restart();

    expect(await claimMany()).toHaveLength(2);
    await gate.restart();
    await expectHeld(HOUR);
  });

  it('are lowered by calls that were claimed later, and by those that had no answer before', async () => {
    await gate.accept('LOW', idRange(1, 20));
    const [done, open] = await claimMany({ maxDispatches: 2 });
    await gate.settle(only(done), COMPLETED);
    await gate.store.advance(MINUTE);
    const told = await gate.dispatch(ONE);
    await claimMany({ maxDispatches: 2 });
    await tell(told, 7); // less the open one, and less the two later ones
    await gate.settle(only(open), COMPLETED);

    expect(await claimMany()).toHaveLength(4);
    await expectHeld(HOUR);
  });

  it('hold the lane at once where none may be left', async () => {
    await gate.accept('LOW', idRange(1, 20));
    const told = await gate.dispatch(ONE);
    await claimMany({ maxDispatches: 3 });
    await tell(told, 2);

    await expectHeld(HOUR);
  });

  it('are those of the latest call that was answered, until its limit resets', async () => {
    await gate.accept('LOW', idRange(1, 30));
    const early = await gate.dispatch(ONE);
    const late = await gate.dispatch(ONE);
    await gate.store.advance(SECOND);
    await gate.settle(late, COMPLETED);
    await gate.settle(early, COMPLETED);
    await tell(late, 5, { forMs: MINUTE });
    await tell(early, 1);
    expect((await gate.store.dispatches.readGate(DEFAULT_LANE)).callsLeft).toBe(4);
    await gate.store.advance(MINUTE);
    expect((await gate.store.dispatches.readGate(DEFAULT_LANE)).callsLeft).toBe(Infinity);
    await tell(early, 3);

    expect((await gate.store.dispatches.readGate(DEFAULT_LANE)).callsLeft).toBe(2);
  });

  it('are requests where each id is one: a claim goes short', async () => {
    await gate.accept('LOW', idRange(1, 20));
    const perId = { batchSize: 3, callsPerDispatch: 3 };
    const [first] = await claimMany({ ...perId, maxDispatches: 1 });
    await tell(only(first), 6, { isPerId: true }); // two of the three may not have been counted

    expect((await claimMany(perId)).map(idsOf)).toEqual([[4n, 5n, 6n], [7n]]);
    await expectHeld(HOUR);
  });

  it('do not limit other lanes, and nothing that the store does not know', async () => {
    await gate.accept('LOW', idRange(1, 20));
    const first = await gate.dispatch(ONE);
    await tell({ ...first, lane: 'crm', dispatchId: '01980000-0000-7000-8000-000000000000' }, 0);

    expect(await claimMany()).toHaveLength(10);
    expect(await gate.claim({ lane: 'crm' })).toMatchObject({ kind: 'nothing_due' });
  });
});
