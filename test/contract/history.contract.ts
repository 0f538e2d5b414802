import { describe, expect, it } from '@jest/globals';
import type { MinuteStatistics } from '../../src/operations/statistics/statistics.repository.js';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { HOUR, MINUTE, useGate } from './gate.js';
import { STORES } from './stores.js';

const minute = (atMs: number, changes: Partial<MinuteStatistics> = {}): MinuteStatistics => ({
  atMs,
  dispatches: 2,
  ids: 6,
  completed: 4,
  retried: 1,
  failed: 1,
  callsMs: 1500.5,
  slowestMs: 1000.25,
  pending: { high: 1, medium: 2, low: 3, retries: 4 },
  ...changes,
});

const KEEP_ALL = { minutesBeforeMs: 0, hoursBeforeMs: 0 };

describe.each(STORES)('$name: history by minute', (underTest) => {
  const gate = useGate(underTest);

  it('lists minutes from a time on, in their order, also after a kill', async () => {
    await gate.store.minutes.add(DEFAULT_LANE, minute(3 * MINUTE), KEEP_ALL);
    await gate.store.minutes.add(DEFAULT_LANE, minute(2 * MINUTE), KEEP_ALL);
    await gate.store.minutes.add(DEFAULT_LANE, minute(MINUTE), KEEP_ALL);
    await gate.restart();

    expect(await gate.store.minutes.read(null, 2 * MINUTE, 'minute')).toEqual([
      minute(2 * MINUTE),
      minute(3 * MINUTE),
    ]);
  });

  it('adds up the counts of several processes, and keeps the last count of waiting ids', async () => {
    await gate.store.minutes.add(DEFAULT_LANE, minute(MINUTE), KEEP_ALL);
    const pending = { high: 0, medium: 0, low: 9, retries: 0 };
    await gate.store.minutes.add(DEFAULT_LANE, minute(MINUTE, { slowestMs: 10, pending }), KEEP_ALL);

    const [both] = await gate.store.minutes.read(null, 0, 'minute');
    expect(both).toEqual({
      ...minute(MINUTE),
      dispatches: 4,
      ids: 12,
      completed: 8,
      retried: 2,
      failed: 2,
      callsMs: 3001,
      pending,
    });
  });

  it('shows one lane, or the sum of all', async () => {
    await gate.store.minutes.add(DEFAULT_LANE, minute(MINUTE), KEEP_ALL);
    await gate.store.minutes.add('crm', minute(MINUTE, { dispatches: 5, slowestMs: 3000 }), KEEP_ALL);

    expect(await gate.store.minutes.read('crm', 0, 'minute')).toEqual([
      minute(MINUTE, { dispatches: 5, slowestMs: 3000 }),
    ]);
    expect(await gate.store.minutes.read(null, 0, 'minute')).toMatchObject([
      { atMs: MINUTE, dispatches: 7, slowestMs: 3000, pending: { high: 2, medium: 4, low: 6, retries: 8 } },
    ]);
    expect(await gate.store.minutes.read('billing', 0, 'minute')).toEqual([]);
  });

  it('deletes minutes older than asked', async () => {
    await gate.store.minutes.add(DEFAULT_LANE, minute(MINUTE), KEEP_ALL);
    await gate.store.minutes.add(DEFAULT_LANE, minute(2 * MINUTE), {
      minutesBeforeMs: 2 * MINUTE,
      hoursBeforeMs: 0,
    });

    expect((await gate.store.minutes.read(null, 0, 'minute')).map(({ atMs }) => atMs)).toEqual([2 * MINUTE]);
  });

  it('adds minutes up to hours, which are kept longer', async () => {
    const pending = { high: 0, medium: 0, low: 9, retries: 0 };
    const laterMs = HOUR + 5 * MINUTE;
    await gate.store.minutes.add(DEFAULT_LANE, minute(MINUTE), KEEP_ALL);
    await gate.store.minutes.add(DEFAULT_LANE, minute(59 * MINUTE, { slowestMs: 10, pending }), KEEP_ALL);
    await gate.store.minutes.add('crm', minute(laterMs), { minutesBeforeMs: laterMs, hoursBeforeMs: 0 });

    expect((await gate.store.minutes.read(null, 0, 'minute')).map(({ atMs }) => atMs)).toEqual([laterMs]);
    expect(await gate.store.minutes.read(null, 0, 'hour')).toEqual([
      {
        ...minute(0),
        dispatches: 4,
        ids: 12,
        completed: 8,
        retried: 2,
        failed: 2,
        callsMs: 3001,
        pending,
      },
      minute(HOUR),
    ]);
    expect((await gate.store.minutes.read('crm', 0, 'hour')).map(({ atMs }) => atMs)).toEqual([HOUR]);

    await gate.store.minutes.add('crm', minute(laterMs), { minutesBeforeMs: 0, hoursBeforeMs: HOUR });
    expect((await gate.store.minutes.read(null, 0, 'hour')).map(({ atMs }) => atMs)).toEqual([HOUR]);
  });
});
