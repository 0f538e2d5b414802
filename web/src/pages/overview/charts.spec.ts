import { describe, expect, it } from '@jest/globals';
import type { History } from '../../api/types.js';
import { chartsOf, idsPerSecond } from './charts.js';

const POINT = {
  at: '2026-11-27T08:00:00.000Z',
  dispatches: 1,
  ids_sent: 3,
  completed: 3,
  retried: 0,
  failed: 0,
  latency_mean_ms: 5,
  latency_max_ms: 5,
  waiting: { high: 0, medium: 0, low: 0, retries: 0 },
};
const HISTORY: History = { step_seconds: 600, points: [POINT, POINT, POINT] };
const paceOf = (delay: number, limits: string[] = []) => ({
  pace: { batch_size: 3, batch_delay_seconds: delay, limits, used_percent: null },
});

describe('The allowed pace', () => {
  it('is a line of the ids that a step allows', () => {
    const [ids] = chartsOf(HISTORY, idsPerSecond(paceOf(5)));
    expect(ids?.lines.find(({ label }) => label === 'allowed now')?.values).toEqual([360, 360]);
  });

  it('has no line where limits decide, or where nothing does', () => {
    expect([idsPerSecond(paceOf(0)), idsPerSecond(paceOf(5, ['9 calls per 1 s']))]).toEqual([null, null]);
    expect(chartsOf(HISTORY, null)[0]?.lines.map(({ label }) => label)).toEqual([
      'completed',
      'retried',
      'failed',
    ]);
  });
});

describe('The pending ids', () => {
  it('include those that wait for a retry, as everywhere else', () => {
    const point = { ...POINT, waiting: { high: 1, medium: 2, low: 3, retries: 4 } };
    const [, pending] = chartsOf({ ...HISTORY, points: [point, POINT] }, null);
    expect(pending?.lines.map(({ label, values }) => [label, values[0]])).toEqual([
      ['HIGH', 1],
      ['MEDIUM', 2],
      ['LOW', 3],
      ['retries', 4],
    ]);
    expect(pending?.summary).toBe('At the end 1 of HIGH, 2 of MEDIUM, 3 of LOW, 4 retries.');
  });
});
