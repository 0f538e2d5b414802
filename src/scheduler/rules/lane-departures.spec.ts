import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { MemoryDepartureLog } from '../../../test/support/memory-departure-log.js';
import { Mutex } from '../../domain/mutex.js';
import { parseLimits } from '../../domain/limits/parse-limits.js';
import type { IdRun } from './id-run.js';
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
  afterEach(() => {
    jest.restoreAllMocks();
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

  it('give a charge back once, however often their end is told', async () => {
    const lane = newLane([{ ids: 9, per: 60 }]);
    charge(lane, 'a', 3);
    await lane.end('a', 3);
    await lane.end('a', 3);

    expect(total('ids')).toBe(0);
  });

  it('give back what a late dispatch was charged anew with, if it has ended meanwhile', async () => {
    const lane = newLane([{ ids: 9, per: 60 }]);
    charge(lane, 'a', 3);
    clock.advance(1000);
    const append = log.append.bind(log);
    jest.spyOn(log, 'append').mockImplementation(async (...charged) => {
      await lane.end('a', 3);
      return append(...charged);
    });

    expect(await lane.awaitDeparture('a')).toBe(true);
    expect(log.of(LANE).rows).toHaveLength(2);
    expect(total('ids')).toBe(0);
  });

  it('are held by no rule once a claim has succeeded', () => {
    const lane = newLane([{ calls: 1, per: 60 }]);
    lane.hold.close('1 calls per 60 s', 60_000_000);
    charge(lane, 'a', 3);

    expect(lane.hold.closedBy()).toBeNull();
  });

  it.each([
    ['the minimum', [{ ids: 9, per: 0.1, margin: 0 }], 5],
    [
      'a hundredth of the shortest window',
      [
        { ids: 9, per: 2, margin: 0 },
        { ids: 99, per: 60 },
      ],
      20,
    ],
    ['the maximum', [{ ids: 9, per: 60 }], 50],
  ])('have %s to leave, and the time of their commit: %j', (_, limits, leaveMs) => {
    expect(newLane(limits).draft([])?.leavesWithinMs).toBe(leaveMs + 2 * 5);
  });

  it('have longer to leave where commits take long, but not for one that took very long', () => {
    const lane = newLane([{ ids: 9, per: 60 }]);
    const commitTakes = (ms: number): number | undefined => {
      const committedAtMs = clock.monotonicMs() - ms;
      lane.record('a', [], { departureNo: 1, epoch: 1 }, { committedAtMs, leavesWithinMs: 0 });
      return lane.draft([])?.leavesWithinMs;
    };
    expect(commitTakes(30)).toBe(50 + 2 * 10);
    expect(commitTakes(60_000)).toBe(50 + 2 * 408);
  });

  it('are in no log where no rule counts them', () => {
    expect(newLane([{ in_flight: 2 }]).draft([[{ rank: 1, ids: 3, units: 1 }]])).toBeNull();
  });

  it('are charged with what their ids cost', () => {
    const runs = [
      { rank: 1, ids: 2, units: 5 },
      { rank: 2, ids: 1, units: 7 },
    ] as const;
    expect(newLane([{ units: 90, per: 60 }]).draft([runs, []])?.amounts).toEqual([
      { calls: 1, ids: 3, units: 17 },
      { calls: 1, ids: 0, units: 0 },
    ]);
  });

  it('keep the charge of a call that has left, or of which a part may have left', async () => {
    const lane = newLane([{ ids: 9, per: 60 }]);
    charge(lane, 'a', 3);
    charge(lane, 'b', 3);
    lane.recordSent('a');
    await lane.end('a', 3);
    await lane.end('b', 2);
    await lane.end('unknown', 3);
    lane.recordSent('unknown');

    expect(total('ids')).toBe(6);
    expect(await lane.awaitDeparture('unknown')).toBe(true);
  });

  it('give back only as much as the unsent ids can have cost at least, and charge a late call with the most', async () => {
    const lane = newLane([{ units: 90, per: 60 }], true);
    const runs = [
      { rank: 1, ids: 1, units: 2 },
      { rank: 1, ids: 1, units: 9 },
    ] as const;
    const draft = lane.draft([runs]);
    log.appendAll(LANE, draft);
    const times = { committedAtMs: clock.monotonicMs(), leavesWithinMs: draft?.leavesWithinMs ?? 0 };
    lane.record('a', runs, { departureNo: 1, epoch: gate.epoch }, times);
    lane.recordSent('a');
    clock.advance(1000);

    expect(await lane.awaitDeparture('a')).toBe(true);
    expect(log.of(LANE).rows.map(({ units }) => units)).toEqual([9, 18]);
  });

  it('count for the lowest of their priorities once they are late', async () => {
    const late = async (...runs: IdRun[]): Promise<boolean> => {
      const lane = newLane([{ ids: 4, per: 'day', reserve: { HIGH: '50%' } }]);
      const departureNo = log.of(LANE).append({ calls: 1, ids: 3, units: 3 }, 0);
      lane.record('a', runs, { departureNo, epoch: 1 }, { committedAtMs: 0, leavesWithinMs: 0 });
      const mayLeave = await lane.awaitDeparture('a');
      log.of(LANE).rows = [];
      return mayLeave;
    };

    expect(await late({ rank: 0, ids: 1, units: 1 }, { rank: 0, ids: 2, units: 1 })).toBe(true);
    expect(await late({ rank: 2, ids: 2, units: 1 }, { rank: 0, ids: 1, units: 1 })).toBe(false);
  });

  it('are not decided while the clock of the store steps at each reading', async () => {
    const lane = newLane([{ ids: 9, per: 'day' }]);
    lane.record('a', [], { departureNo: 1, epoch: 1 }, { committedAtMs: 0, leavesWithinMs: 0 });
    const reads = jest.spyOn(log, 'read').mockImplementation(async () => ({
      epoch: 1,
      settingsVersion: 0,
      isClosed: false,
      rules: {
        nowUs: 0,
        wallUs: 0,
        windows: [],
        calendars: [{ used: 0, nextUs: null }],
        callsInFlight: 0,
      },
    }));
    jest.spyOn(log, 'giveBack').mockResolvedValue();

    await expect(lane.awaitDeparture('a')).rejects.toThrow('clock of the store steps');
    expect(reads).toHaveBeenCalledTimes(10);
  });

  it('ask about the periods that the clock of the store shows', () => {
    const lane = newLane([{ ids: 9, per: 'day', margin: 0 }]);
    const dayUs = 86_400_000_000;
    const askedFirst = (): number => lane.question().calendars[0]?.startsUs[0] ?? 0;
    const byOwnClock = askedFirst();
    const reading = { ...log.answer(LANE, lane.question()), wallUs: clock.wallMs() * 1000 + 90 * dayUs };

    expect(lane.observe(reading)).toBe(true);
    expect(askedFirst()).toBe(byOwnClock + 90 * dayUs);
    expect(lane.observe({ ...reading, calendars: [{ used: null, nextUs: 1 }] })).toBe(false);
    expect(lane.observe({ ...reading, calendars: [{ used: 1, nextUs: null }] })).toBe(false);
  });
});
