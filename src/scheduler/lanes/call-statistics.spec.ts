import { describe, expect, it } from '@jest/globals';
import { CallStatistics } from './call-statistics.js';

describe('Recent calls', () => {
  it('tell nothing at first', () => {
    const recent = new CallStatistics();
    expect([recent.callMs, recent.retryShare]).toEqual([0, 0]);
  });

  it('that are the first tell how long they take, and little of retries', () => {
    const recent = new CallStatistics();
    recent.add({ ids: 4, retried: 4, callMs: 100 });
    expect([recent.callMs, recent.retryShare]).toEqual([100, 1 / 8]);
  });

  it('follow how long calls take, and how many ids are sent again', () => {
    const recent = new CallStatistics();
    for (let i = 0; i < 400; i++) {
      recent.add({ ids: 4, retried: 1, callMs: i < 350 ? 100 : 300 });
    }
    expect(recent.callMs).toBeCloseTo(300, 0);
    expect(recent.retryShare).toBeCloseTo(0.25, 3);
  });
});
