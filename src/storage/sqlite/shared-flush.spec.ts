import fs from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { queueOf, UNLIMITED } from '../../../test/support/claims.js';
import { highList } from '../../../test/support/lists.js';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import type { Dispatch } from '../../domain/dispatch.js';
import { SqliteStore } from './store.js';

type SyncDone = (error: Error | null) => void;

/** A disk that writes only when the test says so. */
describe('While the disk of the embedded store is slow', () => {
  let clock: ManualClock;
  let store: SqliteStore;
  let syncs: SyncDone[];
  afterEach(async () => {
    jest.restoreAllMocks();
    syncAll();
    await store.close();
  });
  const newFolder = useTempFolders();
  const list = highList([1, 2, 3, 4]);

  beforeEach(async () => {
    clock = new ManualClock();
    store = SqliteStore.open(newFolder(), clock);
    await store.ingestions.acceptAll([list]);
    syncs = [];
    jest.spyOn(fs, 'fdatasync').mockImplementation((_, done) => {
      syncs.push(done);
    });
  });

  function syncAll(): void {
    syncs.splice(0).forEach((done) => {
      done(null);
    });
  }

  /** Resolves when a write to the disk has begun. */
  async function syncing(): Promise<void> {
    while (syncs.length === 0) {
      await nextTurn();
    }
  }

  /** Returns whether the promise has resolved by now. */
  async function isResolved(promise: Promise<unknown>): Promise<boolean> {
    let isDone = false;
    void promise.then(() => {
      isDone = true;
    });
    await nextTurn();
    await nextTurn();
    return isDone;
  }

  async function claimMany(maxDispatches: number): Promise<readonly Dispatch[]> {
    const claim = await queueOf(store.dispatches, clock).claimMany({
      ...UNLIMITED,
      batchSize: 1,
      maxDispatches,
    });
    return claim.kind === 'claimed' ? claim.dispatches : [];
  }

  async function claimed(maxDispatches: number): Promise<readonly Dispatch[]> {
    const claims = claimMany(maxDispatches);
    await syncing();
    syncAll();
    return claims;
  }

  function settleAll(dispatches: readonly Dispatch[]): Promise<readonly boolean[]> {
    return store.dispatches.settle(
      dispatches.map((dispatch) => ({ dispatch, outcomes: [{ kind: 'completed', dataJson: '1' }] })),
    );
  }

  it('no call of a claim begins before the claim is on it', async () => {
    const claims = claimMany(2);
    expect(await isResolved(claims)).toBe(false);
    syncAll();

    expect(await claims).toHaveLength(2);
  });

  it('an outcome is neither recorded nor told before it is on it', async () => {
    const dispatches = await claimed(2);
    const settled = settleAll(dispatches);
    await nextTurn();
    const told = [
      Promise.resolve(store.ingestions.findById(list.ingestionId)),
      store.ingestions.findWithBatches(list.ingestionId, 0, 10),
      store.history.list({}, null, 10),
      store.results.chunks({ seq: 1, from: 0, to: 4 }, 10, 1000),
    ];
    for (const promise of [settled, ...told]) {
      expect(await isResolved(promise)).toBe(false);
    }
    expect(await isResolved(Promise.resolve(store.ingestions.findById(list.ingestionId)))).toBe(false);
    await syncing();
    syncAll();
    expect(await settled).toEqual([true, true]);

    expect(await told[0]).toMatchObject({ completed: 2 });
    expect(store.ingestions.findById(list.ingestionId)).toMatchObject({ completed: 2 });
  });

  it('a read waits for the write that covers what it tells, and for no other one', async () => {
    const dispatches = await claimed(4);
    const told: string[] = [];
    const read = (name: string): void => {
      void Promise.resolve(store.ingestions.findById(list.ingestionId)).then(() => told.push(name));
    };
    const first = settleAll(dispatches.slice(0, 2));
    await syncing();
    read('of the first write');
    const second = settleAll(dispatches.slice(2));
    await nextTurn();
    read('of the second write');
    syncAll();
    await first;
    await syncing();
    expect(told).toEqual(['of the first write']);
    syncAll();
    await second;
    await nextTurn();

    expect(told).toEqual(['of the first write', 'of the second write']);
  });

  it('what is committed while it writes shares the next write', async () => {
    const dispatches = await claimed(4);
    const first = settleAll(dispatches.slice(0, 2));
    await syncing();
    const others = dispatches.slice(2).map((each) => settleAll([each]));
    expect(await isResolved(Promise.race(others))).toBe(false);
    expect(syncs).toHaveLength(1);
    syncAll();
    expect(await first).toEqual([true, true]);
    await syncing();
    expect(syncs).toHaveLength(1);
    syncAll();

    expect(await Promise.all(others)).toEqual([[true], [true]]);
  });

  it('outcomes and the claim that follows them share a write', async () => {
    const dispatches = await claimed(2);
    let claims: Promise<readonly Dispatch[]> | undefined;
    const settled = store.dispatches.settle(
      dispatches.map((dispatch) => ({ dispatch, outcomes: [{ kind: 'completed' }] })),
      () => {
        claims = claimMany(2);
      },
    );
    await syncing();
    expect(syncs).toHaveLength(1);
    expect(await isResolved(Promise.race([settled, claims]))).toBe(false);
    syncAll();

    expect(await settled).toEqual([true, true]);
    expect(await claims).toHaveLength(2);
    expect(syncs).toEqual([]);
  });

  it('a dispatch that is alone is claimed and recorded with a write of its own', async () => {
    const dispatches = await claimMany(1);
    clock.advance(5);

    expect(await settleAll(dispatches)).toEqual([true]);
    expect(syncs).toEqual([]);
  });

  it('dispatches in close succession share writes', async () => {
    const [first] = await claimMany(1);
    clock.advance(4);
    const next = claimMany(1);
    const settled = first === undefined ? null : settleAll([first]);
    await syncing();
    expect(syncs).toHaveLength(1);
    expect(await isResolved(Promise.race([next, settled]))).toBe(false);
    syncAll();

    expect(await next).toHaveLength(1);
    expect(await settled).toEqual([true]);
    expect(syncs).toEqual([]);
  });
});
