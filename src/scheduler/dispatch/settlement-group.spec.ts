import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { StoreUnavailableError } from '../../domain/store-errors.js';
import type { DispatchPart, Outcome } from '../../domain/dispatch.js';
import { WindowTimers } from '../pacing/window-timers.js';
import type { QueueRepository, Settlement } from '../queue/queue.repository.js';
import { SettlementGroup, type OwnSettlement } from './settlement-group.js';

function settlement(dispatchNo: number, ids = 1): OwnSettlement {
  return {
    dispatch: { lane: 'default', dispatchNo, dispatchId: String(dispatchNo), parts: [] },
    outcomes: Array.from({ length: ids }, () => ({ kind: 'completed' as const })),
  };
}

describe('Outcomes that are recorded together', () => {
  let commits: number[][];
  let commit: (dispatchNos: readonly number[], onWritten?: () => void) => Promise<void>;
  let group: SettlementGroup;
  let store: Pick<QueueRepository, 'settle'>;

  beforeEach(() => {
    commits = [];
    commit = async () => undefined;
    store = {
      settle: async (settlements: readonly Settlement[], onWritten?: () => void) => {
        const dispatchNos = settlements.map(({ dispatch }) => dispatch.dispatchNo);
        commits.push(dispatchNos);
        await commit(dispatchNos, onWritten);
        return dispatchNos.map((no) => no !== 13);
      },
    };
    const runtime = new SystemRuntime();
    group = new SettlementGroup(store, runtime, new WindowTimers(runtime));
  });

  const record = (...dispatchNos: number[]): Promise<boolean[]> =>
    Promise.all(dispatchNos.map((no) => group.record(settlement(no), undefined, 'turn')));

  it('share one commit where the calls end in the same turn', async () => {
    expect(await record(1, 2, 3)).toEqual([true, true, true]);
    expect(commits).toEqual([[1, 2, 3]]);
  });

  describe('of lanes with a delay', () => {
    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    const recordPaced = (dispatchNo: number): Promise<boolean> =>
      group.record(settlement(dispatchNo), undefined, 'time');

    it('are recorded at once if the last commit is a while ago, and otherwise wait for others', async () => {
      await recordPaced(1);
      await jest.advanceTimersByTimeAsync(1);
      const later = [recordPaced(2), recordPaced(3)];
      await jest.advanceTimersByTimeAsync(2);
      expect(commits).toEqual([[1]]);
      await jest.advanceTimersByTimeAsync(1);
      await Promise.all(later);
      await jest.advanceTimersByTimeAsync(4);
      await recordPaced(4);

      expect(commits).toEqual([[1], [2, 3], [4]]);
    });

    it('do not wait longer once there is one that cannot wait', async () => {
      await recordPaced(1);
      const waiting = recordPaced(2);
      await group.record(settlement(3));
      await waiting;

      expect(commits).toEqual([[1], [2, 3]]);
    });
  });

  it('wait for the commit that runs, and share the next one', async () => {
    const running = Promise.withResolvers<undefined>();
    commit = () => running.promise;
    const first = record(1);
    while (commits.length === 0) {
      await new SystemRuntime().nextTurn();
    }
    const others = record(2, 3);
    commit = async () => undefined;
    running.resolve(undefined);
    await Promise.all([first, others]);

    expect(commits).toEqual([[1], [2, 3]]);
  });

  it('wait for none of the commits that run while there are fewer than may', async () => {
    const runtime = new SystemRuntime();
    group = new SettlementGroup(store, runtime, new WindowTimers(runtime), 2);
    const running = Promise.withResolvers<undefined>();
    commit = () => running.promise;
    const recorded = [];
    for (const dispatchNo of [1, 2, 3, 4]) {
      recorded.push(group.record(settlement(dispatchNo)));
      await runtime.nextTurn();
    }
    expect(commits).toEqual([[1], [2]]);
    running.resolve(undefined);
    await Promise.all(recorded);

    expect(commits).toEqual([[1], [2], [3, 4]]);
  });

  it('are told as written before they are durable, where the store says so', async () => {
    const durable = Promise.withResolvers<undefined>();
    const told: string[] = [];
    commit = (_, onWritten) => {
      onWritten?.();
      return durable.promise;
    };
    const recorded = group.record(settlement(1), () => told.push('written')).then(() => told.push('durable'));
    while (told.length === 0) {
      await new SystemRuntime().nextTurn();
    }
    expect(told).toEqual(['written']);
    durable.resolve(undefined);
    await recorded;

    expect(told).toContain('durable');
  });

  it('are told as written where the store says nothing before', async () => {
    let isWritten = false;
    await group.record(settlement(1), () => {
      isWritten = true;
    });

    expect(isWritten).toBe(true);
  });

  it('have a result each', async () => {
    expect(await record(12, 13, 14)).toEqual([true, false, true]);
  });

  it('do not fail with one that the store refuses', async () => {
    commit = async (dispatchNos) => {
      if (dispatchNos.includes(2)) {
        throw new Error('wrong number of outcomes');
      }
    };
    const results = await Promise.allSettled(
      [1, 2, 3].map((no) => group.record(settlement(no), undefined, 'turn')),
    );

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(commits).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('all fail at once where the store is away, and are recorded by the next try', async () => {
    commit = () => Promise.reject(new StoreUnavailableError('away'));
    await expect(record(1, 2)).rejects.toThrow('away');
    commit = async () => undefined;

    expect(await record(1, 2)).toEqual([true, true]);
    expect(commits).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('are at most 100 dispatches and 5,000 ids in one commit, and at least one dispatch', async () => {
    await record(...Array.from({ length: 250 }, (_, i) => i + 100));
    expect(commits.map(({ length }) => length)).toEqual([100, 100, 50]);
    commits = [];
    await Promise.all(
      [2000, 3000, 1000, 9000, 1].map((ids, i) => group.record(settlement(i, ids), undefined, 'turn')),
    );

    expect(commits).toEqual([[0, 1], [2], [3], [4]]);
  });

  it('are fewer in one commit where each list or failed id is a row', async () => {
    const part = { ingestionId: '', batchNo: 0, first: 0, size: 1, failures: 0, packedIds: new Uint8Array() };
    const ofLists = (no: number): OwnSettlement => {
      const { dispatch, outcomes } = settlement(no, 500);
      return { dispatch: { ...dispatch, parts: new Array<DispatchPart>(300).fill(part) }, outcomes };
    };
    const postponed = (no: number): OwnSettlement => ({
      ...settlement(no),
      outcomes: new Array<Outcome>(500).fill({ kind: 'postponed' }),
    });
    await Promise.all([1, 2, 3].map((no) => group.record(ofLists(no), undefined, 'turn')));
    await Promise.all([4, 5].map((no) => group.record(postponed(no), undefined, 'turn')));

    expect(commits).toEqual([[1, 2], [3], [4], [5]]);
  });
});
