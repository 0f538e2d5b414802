import { describe, expect, it } from '@jest/globals';
import { RecentCalls } from './recent-calls.js';

describe('Recent calls', () => {
  it('tell nothing at first', () => {
    const recent = new RecentCalls();
    expect([recent.callMs, recent.retryShare, recent.paceMs]).toEqual([0, 0, null]);
  });

  it('follow how long calls take, and how many ids are sent again', () => {
    const recent = new RecentCalls();
    for (let i = 0; i < 100; i++) {
      recent.add({ ids: 4, retried: 1, callMs: i < 50 ? 100 : 300 }, i * 1000);
    }
    expect(recent.callMs).toBeCloseTo(300, 0);
    expect(recent.retryShare).toBeCloseTo(0.25, 3);
  });

  it('know the pace of dispatches that follow each other; pauses count for nothing', () => {
    const recent = new RecentCalls();
    let nowMs = 0;
    for (let i = 0; i < 20; i++) {
      recent.add({ ids: 1, retried: 0, callMs: 50 }, nowMs);
      nowMs += i % 5 === 4 ? 60_000 : 20;
    }
    expect(recent.paceMs).toBeCloseTo(20, 3);
  });
});
