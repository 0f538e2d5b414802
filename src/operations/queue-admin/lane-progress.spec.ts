import { beforeEach, describe, expect, it } from '@jest/globals';
import { LaneProgressWatch, claimGraceMs, patienceMs } from './lane-progress.js';
import type { LaneProgress } from './queue-admin.repository.js';

const LOOK_MS = 1000;
const DELAY_MS = 5000;
const IDLE: LaneProgress = {
  isPaused: false,
  isHeld: false,
  hasDueIds: false,
  lastSentNo: 7,
  hasNewClaim: false,
};
const PENDING = { ...IDLE, hasDueIds: true };

describe('A lane', () => {
  let watch: LaneProgressWatch;
  let nowMs: number;
  /** Each look at which it was unwell. */
  let unwellAtMs: number[];

  beforeEach(() => {
    begin(DELAY_MS);
  });

  function begin(delayMs: number): void {
    watch = new LaneProgressWatch({ batchDelayMs: delayMs });
    nowMs = 1_000_000;
    unwellAtMs = [];
  }

  /** Looks every second for so long at what `find` says of the time that has passed. */
  function lookFor(forMs: number, find: (passedMs: number) => LaneProgress | null, isKeptBack = false): void {
    for (let passedMs = 0; passedMs < forMs; passedMs += LOOK_MS) {
      watch.observe(find(passedMs), isKeptBack, nowMs);
      if (watch.unwellSinceMs !== null) {
        unwellAtMs.push(nowMs);
      }
      nowMs += LOOK_MS;
    }
  }

  /** A dispatch is sent every delay. */
  const sending =
    (delayMs: number, from = 8) =>
    (passedMs: number): LaneProgress => ({ ...PENDING, lastSentNo: from + Math.floor(passedMs / delayMs) });

  it('that sends nothing while ids may go is unwell after several delays, since a dispatch was due', () => {
    const startMs = nowMs;
    lookFor(60_000, () => PENDING);
    expect(unwellAtMs[0]).toBe(startMs + DELAY_MS + patienceMs(DELAY_MS));
    expect(watch.unwellSinceMs).toBe(startMs + DELAY_MS);
  });

  it.each([100, 1000, DELAY_MS, 60_000, 3_600_000])(
    'that sends a dispatch every %d ms is well',
    (delayMs) => {
      begin(delayMs);
      lookFor(20 * Math.max(delayMs, LOOK_MS), sending(delayMs));
      expect(unwellAtMs).toEqual([]);
    },
  );

  it('is well again with the next dispatch of any process', () => {
    lookFor(60_000, () => PENDING);
    unwellAtMs = [];
    lookFor(10_000, () => ({ ...PENDING, lastSentNo: 8 }));
    expect(unwellAtMs).toEqual([]);
  });

  it('is not unwell by a stall of a few seconds at a fast pace', () => {
    begin(100);
    lookFor(10_000, sending(100));
    lookFor(9000, () => ({ ...PENDING, lastSentNo: 200 }));
    lookFor(10_000, sending(100, 201));
    expect(unwellAtMs).toEqual([]);
  });

  it('that was idle for long has the same time for its first dispatch', () => {
    lookFor(3_600_000, () => IDLE);
    lookFor(patienceMs(DELAY_MS), () => PENDING);
    expect(unwellAtMs).toEqual([]);
    lookFor(2 * LOOK_MS, () => PENDING);
    expect(unwellAtMs).not.toEqual([]);
  });

  it.each([
    ['paused', { ...PENDING, isPaused: true }, false],
    ['held by the upstream', { ...PENDING, isHeld: true }, false],
    ['kept back by this process', PENDING, true],
    ['without an id that is due', IDLE, false],
  ])('%s is not unwell however long it lasts, nor right after it', (_, progress, isKeptBack) => {
    lookFor(600_000, () => progress, isKeptBack);
    lookFor(patienceMs(DELAY_MS), () => PENDING);
    expect(unwellAtMs).toEqual([]);
  });

  it('whose claims are released again and again is unwell, also while the last ids are claimed', () => {
    for (let round = 0; round < 20; round++) {
      lookFor(5000, () => ({ ...IDLE, hasNewClaim: true }));
      lookFor(1000, () => PENDING);
    }
    const unwellForMs = nowMs - (unwellAtMs[0] ?? nowMs);
    expect(unwellAtMs).toHaveLength(unwellForMs / LOOK_MS); // without a break
    expect(unwellForMs).toBeGreaterThan(30_000);
  });

  it('makes no progress where its last number falls back, by a release or a failover', () => {
    lookFor(10_000, sending(DELAY_MS));
    lookFor(60_000, () => ({ ...PENDING, lastSentNo: 6 }));
    expect(unwellAtMs).not.toEqual([]);
  });

  it('before a slow upstream is well while its last ids are in flight', () => {
    const graceMs = claimGraceMs(DELAY_MS);
    lookFor(1000, () => PENDING);
    lookFor(graceMs, () => ({ ...IDLE, hasNewClaim: true }));
    lookFor(600_000, () => ({ ...IDLE, lastSentNo: 8 }));
    expect(unwellAtMs).toEqual([]);
  });

  it('that the store cannot tell of is unwell after the same time', () => {
    const startMs = nowMs;
    lookFor(1000, () => IDLE);
    lookFor(60_000, () => null);
    expect(unwellAtMs[0]).toBe(startMs + DELAY_MS + patienceMs(DELAY_MS));
  });
});
