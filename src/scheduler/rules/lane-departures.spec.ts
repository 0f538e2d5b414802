import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { MemoryDepartureLog } from '../../../test/support/memory-departure-log.js';
import { Mutex } from '../../domain/mutex.js';
import { parseLimits } from '../../domain/limits/parse-limits.js';
import { LaneDepartures } from './lane-departures.js';
import { LaneRules } from './lane-rules.js';

const LANE = 'default';

/** A clock that goes on while something sleeps. */
class SleepingClock extends ManualClock {
  readonly slept: number[] = [];

  override async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.advance(ms);
  }
}

describe('The departures of a lane', () => {
  let clock: SleepingClock;
  let log: MemoryDepartureLog;
  const gate = { epoch: 1, isPaused: false, heldUntilMs: 0 };

  beforeEach(() => {
    clock = new SleepingClock();
    Object.assign(gate, { epoch: 1, isPaused: false, heldUntilMs: 0 });
    log = new MemoryDepartureLog(clock, () => gate);
  });

  function newLane(limits: unknown, isPerId = false): LaneDepartures {
    const rules = new LaneRules({ limits: parseLimits(limits), batchSize: 3, isPerId, timeoutMs: 1000 });
    return new LaneDepartures(LANE, rules, log, clock, new Mutex());
  }

  /** Charges a dispatch, as a claim does. */
  function charge(lane: LaneDepartures, dispatchId: string, ids: number): void {
    const runs = [{ rank: 1, ids, units: 1 }] as const;
    const draft = lane.draft([runs]);
    const departureNo = log.appendAll(LANE, draft);
    if (draft === null || departureNo === null) {
      throw new Error('the lane has windows');
    }
    const times = { committedAtMs: clock.monotonicMs(), leavesWithinMs: draft.leavesWithinMs };
    lane.record(dispatchId, runs, { departureNo, epoch: gate.epoch }, times);
  }

  const total = (counts: 'calls' | 'ids'): number => log.of(LANE).rows.at(-1)?.[counts] ?? 0;

  it('let a call leave in time without a word to the store', async () => {
    const lane = newLane([{ calls: 1, per: 0.5 }]);
    charge(lane, 'a', 3);

    expect(await lane.awaitDeparture('a')).toBe(true);
    expect(log.of(LANE).rows).toHaveLength(1);
  });

  it('let a late call wait for its new place, which the rules give', async () => {
    const lane = newLane([{ calls: 1, per: 0.5, margin: 0 }]);
    charge(lane, 'a', 3);
    clock.advance(400);
    charge(lane, 'b', 3);
    clock.advance(100);

    expect(await lane.awaitDeparture('a')).toBe(true);
    expect(clock.slept.length).toBeGreaterThan(0);
    expect(total('calls')).toBe(2);
    const [, b, a] = log.of(LANE).rows;
    expect((a?.departsUs ?? 0) - (b?.departsUs ?? 0)).toBeGreaterThanOrEqual(500_000);
  });

  it('refuse a late call that would have to wait long, and charge it no more', async () => {
    const lane = newLane([{ calls: 1, per: 60 }]);
    charge(lane, 'a', 3);
    clock.advance(10_000);
    charge(lane, 'b', 3);
    clock.advance(1000);

    expect(await lane.awaitDeparture('a')).toBe(false);
    expect(total('calls')).toBe(1);
    await lane.end('a', 3);
    expect(total('calls')).toBe(1);
  });

  it.each([
    ['paused', { isPaused: true }],
    ['held by its upstream', { heldUntilMs: Number.MAX_SAFE_INTEGER }],
  ])('refuse a late call while the lane is %s, and charge it no more', async (_, closed) => {
    const lane = newLane([{ calls: 5, per: 60 }]);
    charge(lane, 'a', 3);
    clock.advance(10_000);
    Object.assign(gate, closed);

    expect(await lane.awaitDeparture('a')).toBe(false);
    expect(total('calls')).toBe(0);
  });

  it('charge a late dispatch only with its requests that have not left', async () => {
    const lane = newLane([{ calls: 3, per: 60 }], true);
    charge(lane, 'a', 3);
    lane.recordSent('a');
    clock.advance(1000);

    expect(await lane.awaitDeparture('a')).toBe(true);
    expect(log.of(LANE).rows.map(({ calls }) => calls)).toEqual([1, 3]);
    await lane.end('a', 2);
    expect(log.of(LANE).rows.map(({ calls }) => calls)).toEqual([1, 1]);
  });

  it('know without the store that a rule holds the lane, until a charge is given back', async () => {
    const lane = newLane([{ calls: 1, per: 60 }]);
    charge(lane, 'a', 3);
    lane.hold.close('1 calls per 60 s', 60_000_000);

    expect(lane.hold.closedBy()).toEqual({ opensInMs: 60_000, rule: '1 calls per 60 s' });
    await lane.end('a', 3);
    expect(lane.hold.closedBy()).toBeNull();
  });
});
