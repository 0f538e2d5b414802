import { describe, expect, it } from '@jest/globals';
import { estimate, toIntervalMs, type EstimateInput } from './estimate.js';

const IDLE: EstimateInput = {
  nowMs: 100_000,
  slotOpensInMs: 0,
  batchSize: 3,
  intervalMs: 5000,
  callMs: 2000,
  retryShare: 0,
  idsAhead: 0,
  unsentIds: 3,
  inFlightIds: 0,
  changedAtMs: 99_000,
};

describe('An estimate', () => {
  it('is one call where nothing stands before', () => {
    expect(estimate(IDLE)).toEqual({ startAtMs: 100_000, completionAtMs: 102_000 });
  });

  it('waits for the next slot', () => {
    expect(estimate({ ...IDLE, slotOpensInMs: 4000 }).startAtMs).toBe(104_000);
  });

  it('counts the dispatches that are filled before it, and its own', () => {
    expect(estimate({ ...IDLE, idsAhead: 6 })).toEqual({ startAtMs: 110_000, completionAtMs: 112_000 });
    expect(estimate({ ...IDLE, idsAhead: 5 })).toEqual({ startAtMs: 105_000, completionAtMs: 112_000 });
    expect(estimate({ ...IDLE, unsentIds: 4 }).completionAtMs).toBe(107_000);
  });

  it('gives ids as many places as they lately took attempts', () => {
    const { startAtMs, completionAtMs } = estimate({ ...IDLE, idsAhead: 30, retryShare: 0.5 });
    expect([startAtMs, completionAtMs]).toEqual([200_000, 207_000]);
    expect(estimate({ ...IDLE, idsAhead: 30, retryShare: 1 }).startAtMs).toBe(600_000);
  });

  it('of what is all under way is the rest of a call; of what has ended there is none', () => {
    expect(estimate({ ...IDLE, unsentIds: 0, inFlightIds: 2 })).toEqual({
      startAtMs: null,
      completionAtMs: 101_000,
    });
    expect(
      estimate({ ...IDLE, unsentIds: 0, inFlightIds: 2, changedAtMs: 90_000 }).completionAtMs,
    ).toBeNull();
    expect(estimate({ ...IDLE, unsentIds: 0 })).toEqual({ startAtMs: null, completionAtMs: null });
  });

  it('of what is all under way counts the attempts that ids lately took, and ends with the present', () => {
    const underWay = { ...IDLE, unsentIds: 0, inFlightIds: 2 };
    expect(estimate({ ...underWay, retryShare: 0.5 }).completionAtMs).toBe(103_000);
    expect(estimate({ ...underWay, changedAtMs: 98_000 }).completionAtMs).toBe(100_000);
    expect(estimate({ ...underWay, changedAtMs: 97_999 }).completionAtMs).toBeNull();
  });
});

describe('The pace', () => {
  const terms = { delayMs: 1000, maxInFlight: 4, callMs: 2000, measuredMs: null };

  it('is the delay, or what a slow upstream leaves of it', () => {
    expect(toIntervalMs(terms)).toBe(1000);
    expect(toIntervalMs({ ...terms, callMs: 8000 })).toBe(2000);
  });

  it('is what was measured where that is slower', () => {
    expect(toIntervalMs({ ...terms, measuredMs: 1200 })).toBe(1200);
    expect(toIntervalMs({ ...terms, measuredMs: 900 })).toBe(1000);
  });

  it('without a delay is what was measured, if anything', () => {
    expect(toIntervalMs({ ...terms, delayMs: 0 })).toBeNull();
    expect(toIntervalMs({ ...terms, delayMs: 0, measuredMs: 3 })).toBe(3);
  });
});
