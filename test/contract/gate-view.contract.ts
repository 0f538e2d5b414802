import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { unpackIds } from '../../src/domain/packed-ids.js';
import type { DispatchRecord } from '../../src/operations/dispatches/dispatch.repository.js';
import type { QueuedIds } from '../../src/operations/queue-admin/queue-admin.repository.js';
import { COMPLETED, failed, HOUR, MINUTE, retryIn, TERMS, useGate } from './gate.js';
import { STORES } from './stores.js';
import { upcomingIn } from '../support/claims.js';

const MAX_ID = 10_000_000_000_000_000_007n;

const shown = (runs: readonly QueuedIds[]): unknown[] =>
  runs.map(({ priority, isRetry, packedIds }) => [priority, isRetry, unpackIds(packedIds)]);
const parts = ([dispatch]: readonly DispatchRecord[]): unknown[] =>
  (dispatch?.parts ?? []).map(({ priority, size, failures, packedIds }) => [
    priority,
    size,
    failures > 0,
    unpackIds(packedIds),
  ]);

describe.each(STORES)('$name: preview of the next dispatches', (underTest) => {
  const gate = useGate(underTest);

  it('previews nothing where nothing waits', async () => {
    expect(await upcomingIn(gate.store, { ...TERMS, lane: DEFAULT_LANE, agingMs: null }, 10)).toEqual([]);
  });

  it('previews ids in the order in which claims take them, no further than asked', async () => {
    await gate.accept('LOW', [1, 2]);
    const second = await gate.accept('MEDIUM', [3, MAX_ID, 5]);
    await gate.accept('HIGH', [6]);

    const runs = await upcomingIn(gate.store, { ...TERMS, lane: DEFAULT_LANE, agingMs: null }, 5);
    expect(shown(runs)).toEqual([
      ['HIGH', false, [6]],
      ['MEDIUM', false, [3, MAX_ID, 5]],
      ['LOW', false, [1]],
    ]);
    expect(runs[1]?.ingestionId).toBe(second);
    expect(await gate.drain()).toEqual([
      [6n, 3n, MAX_ID],
      [5n, 1n, 2n],
    ]);
  });

  it('previews due retries, and no others', async () => {
    await gate.accept('HIGH', [1, 2]);
    await gate.settle(await gate.dispatch(), [retryIn(0), retryIn(HOUR)]);
    await gate.accept('HIGH', [3]);
    await gate.store.advance(MINUTE);

    expect(shown(await upcomingIn(gate.store, { ...TERMS, lane: DEFAULT_LANE, agingMs: null }, 10))).toEqual([
      ['HIGH', true, [1]],
      ['HIGH', false, [3]],
    ]);
  });

  it('previews the order that aging makes', async () => {
    await gate.accept('LOW', [1]);
    await gate.store.advance(2 * HOUR);
    await gate.accept('HIGH', [2]);

    expect(
      shown(await upcomingIn(gate.store, { ...TERMS, lane: DEFAULT_LANE, agingMs: MINUTE }, 10)),
    ).toEqual([
      ['LOW', false, [1]],
      ['HIGH', false, [2]],
    ]);
  });
});

describe.each(STORES)('$name: recent dispatches', (underTest) => {
  const gate = useGate(underTest);

  it('shows a dispatch in flight with the ids of each list', async () => {
    const one = await gate.accept('MEDIUM', [1, 2]);
    await gate.accept('HIGH', [MAX_ID]);
    const { dispatchId, dispatchNo } = await gate.dispatch();

    const seen = await gate.store.history.recent(DEFAULT_LANE, 10, 10);
    expect(seen).toMatchObject([
      {
        dispatchId,
        dispatchNo,
        endedAtMs: null,
        ending: null,
        parts: [{ unsuccessful: 0 }, { batchNo: 0, unsuccessful: 0 }],
      },
    ]);
    expect(parts(seen)).toEqual([
      ['HIGH', 1, false, [MAX_ID]],
      ['MEDIUM', 2, false, [1, 2]],
    ]);
    expect(seen[0]?.parts[1]?.ingestionId).toBe(one);
  });

  it('shows how a dispatch ended, and how many ids did not succeed', async () => {
    await gate.accept('HIGH', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), [COMPLETED, retryIn(0), failed()]);
    const again = await gate.dispatch();
    await gate.release(again);

    const [second, first] = await gate.store.history.recent(DEFAULT_LANE, 10, 10);
    expect(first).toMatchObject({ ending: 'settled', parts: [{ unsuccessful: 2 }] });
    expect(second).toMatchObject({ ending: 'released', parts: [{ failures: 1, size: 1 }] });
    expect(first?.endedAtMs).toBeGreaterThanOrEqual(first?.startedAtMs ?? Infinity);
  });

  it('lists the newest first, no more than asked, with the first ids of each part', async () => {
    await gate.accept('LOW', [1, 2, 3, 4, 5, 6, 7]);
    await gate.drain();

    const seen = await gate.store.history.recent(DEFAULT_LANE, 2, 2);
    expect(seen.map((dispatch) => parts([dispatch]))).toEqual([
      [['LOW', 1, false, [7]]],
      [['LOW', 3, false, [4, 5]]],
    ]);
  });
});
