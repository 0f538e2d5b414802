import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { parseLimits } from '../../src/domain/limits/parse-limits.js';
import { seededRandom } from '../../src/external-api/seeded-random.js';
import type {
  Amount,
  CalendarQuestion,
  Departure,
  RulesReading,
  WindowQuestion,
} from '../../src/scheduler/rules/departure-log.store.js';
import { LaneRules } from '../../src/scheduler/rules/lane-rules.js';
import type { LaneWrite } from '../../src/scheduler/settings/lane-settings.repository.js';
import type { SingleClaim } from '../support/claims.js';
import { idRange } from '../support/lists.js';
import { MemoryDepartures } from '../support/memory-departures.js';
import { COMPLETED, HOUR, idsOf, MINUTE, newIngestion, retryIn, SECOND, TERMS, useGate } from './gate.js';
import { STORES } from './stores.js';

/** Windows are much longer than the real time of a test. */
const WINDOW_MS = 10 * MINUTE;
const SLACK_MS = 10 * SECOND;
const PER = WINDOW_MS / SECOND;

function rulesOf(
  limits: unknown,
  { isPerId = false, timeoutMs = MINUTE } = {},
): { readonly rules: LaneRules } {
  return {
    rules: new LaneRules({ limits: parseLimits(limits), batchSize: TERMS.batchSize, isPerId, timeoutMs }),
  };
}

function opensInMs(claim: SingleClaim): number {
  if (claim.kind !== 'slot_closed') {
    throw new Error(`not closed, but ${claim.kind}`);
  }
  return claim.opensInMs;
}

describe.each(STORES)('$name keeps the rules of a lane:', (underTest) => {
  const gate = useGate(underTest);

  it('counts what left before the lane had limits, from the end of each call on', async () => {
    const document = { base: {}, replacedBases: [], overrides: {} };
    const seed = { isPerId: false, withinMs: WINDOW_MS, leavesWithinMs: 0 };
    const change = (version: number, log: Partial<LaneWrite>): Promise<unknown> =>
      gate.store.settings.write([{ lane: DEFAULT_LANE, version, document, forgetsDelay: true, ...log }]);
    const terms = {
      ...TERMS,
      ...rulesOf([
        { calls: 7, per: PER },
        { ids: 100, per: PER },
      ]),
      maxDispatches: 10,
    };
    await gate.accept('LOW', idRange(1, 60));
    await gate.settle(await gate.dispatch(), COMPLETED);
    await gate.store.advance(2 * WINDOW_MS);
    for (let i = 0; i < 3; i++) {
      const dispatch = await gate.dispatch();
      await gate.store.advance(MINUTE);
      await gate.settle(dispatch, COMPLETED);
    }
    await gate.release(await gate.dispatch()); // cut off by a stop: it may have left
    await change(0, { seed });
    await change(1, { endsLog: true });
    await change(2, { seed }); // what is in the log is not added again

    const burst = await gate.queue.claimMany({ ...terms, settingsVersion: 3 });
    expect(burst).toMatchObject({ kind: 'claimed', dispatches: { length: 3 } });
    const closed = await gate.claim({ ...terms, settingsVersion: 3 });
    expect(closed).toMatchObject({ kind: 'slot_closed', rule: `7 calls per ${String(PER)} s` });
    expect(Math.abs(opensInMs(closed) - (WINDOW_MS - 2 * MINUTE))).toBeLessThan(SLACK_MS);
  });

  it('counts a call in flight that was claimed without limits from the change of its settings on', async () => {
    const document = { base: {}, replacedBases: [], overrides: {} };
    const seed = { isPerId: false, withinMs: WINDOW_MS, leavesWithinMs: 0 };
    await gate.accept('LOW', idRange(1, 60));
    await gate.dispatch({ leaseMs: HOUR });
    await gate.store.advance(WINDOW_MS / 2);
    await gate.store.settings.write([{ lane: DEFAULT_LANE, version: 0, document, forgetsDelay: true, seed }]);

    const closed = await gate.claim({ ...TERMS, ...rulesOf([{ calls: 1, per: PER }]), settingsVersion: 1 });
    expect(Math.abs(opensInMs(closed) - WINDOW_MS)).toBeLessThan(SLACK_MS);
  });

  it('lets a burst use the whole window, and opens when the first departure has left it', async () => {
    const terms = { ...TERMS, ...rulesOf([{ calls: 3, per: PER }]), maxDispatches: 10 };
    await gate.accept('LOW', idRange(1, 15));

    const burst = await gate.queue.claimMany(terms);
    expect(burst.kind === 'claimed' && burst.dispatches.map(idsOf)).toEqual([
      [1n, 2n, 3n],
      [4n, 5n, 6n],
      [7n, 8n, 9n],
    ]);
    const closed = await gate.claim(terms);
    expect(closed).toMatchObject({ kind: 'slot_closed', rule: `3 calls per ${String(PER)} s` });
    expect(opensInMs(closed)).toBeGreaterThan(WINDOW_MS - SLACK_MS);
    expect(opensInMs(closed)).toBeLessThan(WINDOW_MS + SLACK_MS);
    await gate.store.advance(opensInMs(closed));
    expect(await gate.queue.claimMany(terms)).toMatchObject({ kind: 'claimed', dispatches: { length: 2 } });
  });

  it('takes the least room that any rule leaves', async () => {
    const terms = rulesOf([
      { calls: 100, per: PER },
      { ids: 4, per: PER / 2 },
    ]);
    await gate.accept('LOW', idRange(1, 9));

    expect(idsOf(await gate.dispatch(terms))).toEqual([1n, 2n, 3n]);
    expect(idsOf(await gate.dispatch(terms))).toEqual([4n]);
    expect(opensInMs(await gate.claim(terms))).toBeLessThan(WINDOW_MS / 2 + SLACK_MS);
  });

  it('counts a call for each id in a lane of one id a request', async () => {
    const terms = rulesOf([{ calls: 5, per: PER }], { isPerId: true });
    await gate.accept('LOW', idRange(1, 9));

    expect(idsOf(await gate.dispatch(terms))).toHaveLength(3);
    expect(idsOf(await gate.dispatch(terms))).toHaveLength(2);
    expect(await gate.claim(terms)).toMatchObject({ kind: 'slot_closed' });
  });

  it('tells how long ago the departure at a place of the log left', async () => {
    const terms = rulesOf([{ calls: 100, per: PER }]);
    await gate.acceptAll([{ ...newIngestion('LOW', [1, 2, 3, 4, 5, 6, 7]), units: 2 }]);
    const { departures } = gate.store.dispatches;
    const places = [
      { counts: 'calls', back: 0 },
      { counts: 'ids', back: 1 },
      { counts: 'ids', back: 4 },
      { counts: 'calls', back: 2 },
      { counts: 'ids', back: 7 },
      { counts: 'units', back: 6 },
    ] as const;
    expect(await departures.agesOf(DEFAULT_LANE, places)).toEqual(places.map(() => null));
    expect(await departures.unitsPerId(DEFAULT_LANE)).toBe(1);
    for (let i = 0; i < 3; i++) {
      await gate.dispatch(terms);
      await gate.store.advance(MINUTE);
    }

    const ages = await departures.agesOf(DEFAULT_LANE, places);
    // 3 ids left three minutes ago, 3 two minutes ago, 1 a minute ago
    expect(ages.map((us) => us && Math.round(us / 1000 / MINUTE))).toEqual([1, 2, 3, 3, null, 2]);
    expect(await departures.unitsPerId(DEFAULT_LANE)).toBe(2);
  });

  it('lets concurrent claims have no more than the rules allow', async () => {
    const terms = rulesOf([{ calls: 2, per: PER }]);
    await gate.accept('LOW', idRange(1, 30));

    const claims = await Promise.all(Array.from({ length: 10 }, () => gate.claim(terms)));
    expect(claims.filter(({ kind }) => kind === 'dispatch')).toHaveLength(2);
  });

  it('keeps the charge of a process that was killed', async () => {
    const terms = rulesOf([{ calls: 1, per: PER }]);
    await gate.accept('LOW', [1, 2]);
    await gate.dispatch({ ...terms, leaseMs: MINUTE });
    await gate.restart();
    await gate.store.advance(WINDOW_MS / 2);
    await gate.store.dispatches.reclaimExpired();

    expect(opensInMs(await gate.claim(terms))).toBeGreaterThan(WINDOW_MS / 2 - SLACK_MS);
  });

  it('gives the charge of a call that never left back, exactly', async () => {
    const terms = rulesOf([{ ids: 6, per: PER }]);
    await gate.accept('LOW', idRange(1, 30));
    const [first, second] = [await gate.dispatch(terms), await gate.dispatch(terms)];
    expect(await gate.claim(terms)).toMatchObject({ kind: 'slot_closed' });

    await gate.queue.recordEnd(first, 3);
    await gate.queue.recordEnd(first, 3);
    expect(idsOf(await gate.dispatch(terms))).toHaveLength(3);
    await gate.queue.recordEnd(second, 2); // one request: either all of it has left, or nothing
    expect(await gate.claim(terms)).toMatchObject({ kind: 'slot_closed' });
  });

  it('lets a late call take its place anew, so that the window counts from there', async () => {
    const terms = { ...rulesOf([{ calls: 1, per: PER }]), leaseMs: 2 * WINDOW_MS };
    await gate.accept('LOW', idRange(1, 9));
    const late = await gate.dispatch(terms);
    await gate.store.advance(WINDOW_MS / 2);

    expect(await gate.queue.awaitSendSlot(late)).toBe(true);
    await gate.store.advance(WINDOW_MS - MINUTE);
    expect(opensInMs(await gate.claim(terms))).toBeGreaterThan(MINUTE - SLACK_MS);
    await gate.store.advance(MINUTE + SECOND);
    expect(idsOf(await gate.dispatch(terms))).toHaveLength(3);
  });

  it('holds calls back while the most are in flight, and after a lease for the timeout of a call', async () => {
    const terms = { ...rulesOf([{ in_flight: 2 }], { timeoutMs: 5 * MINUTE }), leaseMs: MINUTE };
    await gate.accept('LOW', idRange(1, 30));
    const answered = await gate.dispatch(terms);
    await gate.dispatch(terms);

    expect(await gate.claim(terms)).toMatchObject({ kind: 'slot_closed', rule: '2 in flight' });
    await gate.settle(answered, COMPLETED);
    await gate.dispatch({ ...terms, leaseMs: MINUTE });
    await gate.store.advance(2 * MINUTE);
    expect(await gate.store.dispatches.reclaimExpired()).toHaveLength(2);
    expect(await gate.claim(terms)).toMatchObject({ kind: 'slot_closed', rule: '2 in flight' });
    await gate.store.advance(4 * MINUTE + SECOND);
    expect(await gate.claim(terms)).toMatchObject({ kind: 'dispatch' });
  });

  it('counts each id in flight in a lane of one id a request', async () => {
    const terms = rulesOf([{ in_flight: 4 }], { isPerId: true });
    await gate.accept('LOW', idRange(1, 30));

    expect(idsOf(await gate.dispatch(terms))).toHaveLength(3);
    expect(idsOf(await gate.dispatch(terms))).toHaveLength(1);
    expect(await gate.claim(terms)).toMatchObject({ kind: 'slot_closed' });
  });

  it('holds a lane whose calendar quota is used up until the next month begins, and a margin', async () => {
    const terms = rulesOf([{ ids: 4, per: 'month' }]);
    await gate.accept('LOW', idRange(1, 9));

    expect(idsOf(await gate.dispatch(terms))).toEqual([1n, 2n, 3n]);
    expect(idsOf(await gate.dispatch(terms))).toEqual([4n]);
    const closed = await gate.claim(terms);
    expect(closed).toMatchObject({ kind: 'slot_closed', rule: '4 ids per month in UTC' });
    const opensAtMs = opensInMs(closed) + gate.store.runtime.wallMs();
    expect(Math.abs(opensAtMs - startOfNextMonth(gate.store.runtime.wallMs()) - SECOND)).toBeLessThan(
      SLACK_MS,
    );
    await gate.store.advance(opensInMs(closed));
    expect(idsOf(await gate.dispatch(terms))).toEqual([5n, 6n, 7n]);
  });

  it('counts what leaves within the margin of a boundary in both periods', async () => {
    const terms = rulesOf([{ ids: 3, per: 'hour', margin: 600 }]);
    await gate.accept('LOW', idRange(1, 9));
    const toBoundaryMs = HOUR - (gate.store.runtime.wallMs() % HOUR);
    await gate.store.advance(toBoundaryMs + HOUR - 5 * MINUTE);
    await gate.dispatch(terms);

    await gate.store.advance(16 * MINUTE);
    const closed = opensInMs(await gate.claim(terms));
    expect(Math.abs(closed - 59 * MINUTE)).toBeLessThan(SLACK_MS);
    await gate.store.advance(closed);
    expect(idsOf(await gate.dispatch(terms))).toHaveLength(3);
  });

  it('keeps the reserved share of a quota for its priority, which passes the others', async () => {
    const terms = { ...rulesOf([{ ids: 10, per: 'month', reserve: { HIGH: '40%' } }]), agingMs: 1 };
    await gate.accept('LOW', idRange(1, 9));
    await gate.store.advance(SECOND);
    expect(idsOf(await gate.dispatch(terms))).toEqual([1n, 2n, 3n]);
    expect(idsOf(await gate.dispatch(terms))).toEqual([4n, 5n, 6n]);

    const kept = await gate.claim(terms);
    expect(kept).toMatchObject({
      kind: 'slot_closed',
      rule: '10 ids per month in UTC, of which the rest is reserved',
    });
    await gate.accept('HIGH', idRange(11, 15));
    expect(idsOf(await gate.dispatch(terms))).toEqual([11n, 12n, 13n]);
    expect(idsOf(await gate.dispatch(terms))).toEqual([14n]);
    expect(await gate.claim(terms)).toMatchObject({ kind: 'slot_closed', rule: '10 ids per month in UTC' });
  });

  it('counts what ids cost, ends a dispatch before an id that does not fit, and lets none overtake it', async () => {
    const terms = rulesOf([{ units: 100, per: PER }]);
    await gate.acceptAll([{ ...newIngestion('LOW', [1, 2]), units: 30 }]);
    await gate.acceptAll([{ ...newIngestion('LOW', [3, 4]), units: 45 }]);
    await gate.accept('LOW', idRange(5, 9));

    expect(idsOf(await gate.dispatch(terms))).toEqual([1n, 2n]);
    expect(await gate.claim(terms)).toMatchObject({
      kind: 'slot_closed',
      rule: `100 units per ${String(PER)} s`,
    });
    await gate.store.advance(WINDOW_MS + SECOND);
    expect(idsOf(await gate.dispatch(terms))).toEqual([3n, 4n, 5n]);
    expect(idsOf(await gate.dispatch(terms))).toEqual([6n, 7n, 8n]);
  });

  it('counts what a retry costs, and gives back what ids cost that never left', async () => {
    const terms = { ...rulesOf([{ units: 100, per: 'month', reserve: { HIGH: '10%' } }]), batchSize: 1 };
    await gate.acceptAll([{ ...newIngestion('MEDIUM', [1, 2]), units: 40 }]);
    const first = await gate.dispatch(terms);
    await gate.settle(first, retryIn(0));
    const second = await gate.dispatch(terms);

    expect(idsOf(second)).toEqual([1n]);
    expect(await gate.claim(terms)).toMatchObject({ kind: 'slot_closed' });
    await gate.queue.recordEnd(second, 1);
    expect(idsOf(await gate.dispatch(terms))).toEqual([2n]);
    expect(await gate.claim(terms)).toMatchObject({ kind: 'nothing_due' });
  });

  it('is closed for ids that cost more than a rule ever lets go, after it was made narrower', async () => {
    await gate.acceptAll([{ ...newIngestion('LOW', [1]), units: 90 }]);

    expect(await gate.claim(rulesOf([{ units: 80, per: PER }]))).toEqual({
      kind: 'slot_closed',
      opensInMs: 1000,
      rule: `80 units per ${String(PER)} s, while the next id costs 90 units`,
    });
    expect(idsOf(await gate.dispatch(rulesOf([{ units: 90, per: PER }])))).toEqual([1n]);
  });

  it('counts what the log holds by a rule that was made narrower while its window was full', async () => {
    const wide = rulesOf([{ calls: 4, per: PER }]);
    const narrow = rulesOf([{ calls: 2, per: PER }]);
    await gate.accept('LOW', idRange(1, 60));
    await gate.dispatch(wide);
    await gate.store.advance(2 * MINUTE);
    for (let calls = 0; calls < 3; calls++) {
      await gate.dispatch(wide);
    }

    const closed = await gate.claim(narrow);
    expect(closed).toMatchObject({ kind: 'slot_closed', rule: `2 calls per ${String(PER)} s` });
    expect(Math.abs(opensInMs(closed) - WINDOW_MS)).toBeLessThan(SLACK_MS);
    expect(opensInMs(await gate.claim(wide))).toBeLessThan(WINDOW_MS - MINUTE);
    await gate.store.advance(WINDOW_MS - 2 * MINUTE + SECOND);
    expect(await gate.claim(narrow)).toMatchObject({ kind: 'slot_closed' });
    await gate.store.advance(2 * MINUTE);
    expect(await gate.claim(narrow)).toMatchObject({ kind: 'dispatch' });
  });

  it('counts what the log holds by a rule of another kind, with another window, or by calendar', async () => {
    await gate.accept('LOW', idRange(1, 60));
    const terms = rulesOf([{ calls: 100, per: PER }]);
    await gate.dispatch(terms);
    await gate.dispatch(terms);

    expect(await gate.claim(rulesOf([{ ids: 6, per: PER / 2 }]))).toMatchObject({ kind: 'slot_closed' });
    expect(await gate.claim(rulesOf([{ calls: 2, per: 'month' }]))).toMatchObject({ kind: 'slot_closed' });
    expect(await gate.claim(rulesOf([{ ids: 7, per: 'week', margin: 3600 }]))).toMatchObject({
      kind: 'dispatch',
      dispatch: { parts: [{ size: 1 }] },
    });
  });

  it('keeps the moments of its log in the order of claims, also after one that had long to leave', async () => {
    const { departures } = gate.store.dispatches;
    const amount = { calls: 1, ids: 1, units: 1 };
    const window: WindowQuestion = { counts: 'calls', max: 1, perUs: MINUTE * 1000, whole: 1 };
    await gate.accept('LOW', [1]);
    for (const leavesWithinMs of [WINDOW_MS, 0]) {
      const { epoch } = await departures.read(TERMS.lane, { windows: [], ...NOT_IN_FLIGHT });
      await departures.append(TERMS.lane, epoch, amount, leavesWithinMs);
    }

    const { rules } = await departures.read(TERMS.lane, { windows: [window], ...NOT_IN_FLIGHT });
    const lastUs = rules.windows[0]?.oneAfterUs ?? 0;
    expect(lastUs - rules.nowUs).toBeGreaterThan((WINDOW_MS - SLACK_MS) * 1000);
  });

  it('answers about its log of departures as the definition does', async () => {
    const random = seededRandom(7);
    const log = new MemoryDepartures();
    const departures: { readonly own: number; readonly stored: Departure; readonly amount: Amount }[] = [];
    const lane = TERMS.lane;
    let nowUs = 30 * SECOND * 1000; // half a minute beside the ends of the windows
    await gate.accept('LOW', [1]);
    const question = (): WindowQuestion => {
      const max = 1 + Math.floor(random() * 20);
      const counts = COUNTED[Math.floor(random() * COUNTED.length)] ?? 'ids';
      const perUs = (1 + Math.floor(random() * 20)) * MINUTE * 1000 - 30 * SECOND * 1000;
      return { counts, max, perUs, whole: Math.min(max, 1 + Math.floor(random() * 5)) };
    };
    const base = await gate.store.dispatches.departures.read(lane, { windows: [], ...NOT_IN_FLIGHT });
    const startUs = base.rules.nowUs - nowUs;
    for (let step = 0; step < 40; step++) {
      const chance = random();
      const gone = departures[Math.floor(random() * departures.length)];
      if (chance < 0.5) {
        const ids = 1 + Math.floor(random() * 5);
        const amount = { calls: 1, ids, units: ids * (1 + Math.floor(random() * 9)) };
        const { epoch } = await gate.store.dispatches.departures.read(lane, {
          windows: [],
          ...NOT_IN_FLIGHT,
        });
        const stored = await gate.store.dispatches.departures.append(lane, epoch, amount, 0);
        if (stored === null) {
          throw new Error('no other process takes the lane');
        }
        departures.push({ own: log.append(amount, nowUs), stored, amount });
      } else if (chance < 0.65 && gone !== undefined) {
        departures.splice(departures.indexOf(gone), 1);
        log.giveBack(gone.own, gone.amount);
        await gate.store.dispatches.departures.giveBack(lane, gone.stored, gone.amount);
      } else {
        const minutes = 1 + Math.floor(random() * 4);
        nowUs += minutes * MINUTE * 1000;
        await gate.store.advance(minutes * MINUTE);
      }
      const windows = [question(), question(), question()];
      const wallUs = gate.store.runtime.wallMs() * 1000;
      const calendar = calendarQuestion(random, wallUs - nowUs);
      const { rules } = await gate.store.dispatches.departures.read(lane, {
        ...NOT_IN_FLIGHT,
        windows,
        calendars: [calendar],
      });
      expect(roundedFrom(startUs, rules)).toEqual(
        windows.map((window) => log.read(window, nowUs)).map(inMinutes(0)),
      );
      const { used } = log.readCalendar(calendar, { wallUs, aheadUs: nowUs - wallUs });
      expect(rules.calendars).toMatchObject([{ used }]);
    }
  });
});

const COUNTED = ['calls', 'ids', 'units'] as const;
const NOT_IN_FLIGHT = { calendars: [], inFlight: null, isPerId: false, timeoutMs: 0 };

/** Draws periods that begin half a minute beside the departures. `beginUs` is the wall time of the first one's minute. */
function calendarQuestion(random: () => number, beginUs: number): CalendarQuestion {
  const lengthUs = (1 + Math.floor(random() * 30)) * MINUTE * 1000;
  return {
    counts: COUNTED[Math.floor(random() * COUNTED.length)] ?? 'ids',
    startsUs: Array.from({ length: 200 }, (_, i) => beginUs + (i - 1) * lengthUs),
    marginUs: Math.floor(random() * 3) * MINUTE * 1000,
  };
}

function startOfNextMonth(wallMs: number): number {
  const now = new Date(wallMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
}

/** PostgreSQL's clock goes on during the test, so times are compared in minutes. */
function roundedFrom(startUs: number, { windows }: RulesReading): unknown[] {
  return windows.map(inMinutes(startUs));
}

function inMinutes(startUs: number): (window: RulesReading['windows'][number]) => unknown {
  const round = (us: number | null): number | null =>
    us === null ? null : Math.floor((us - startUs) / (MINUTE * 1000));
  return ({ used, oneAfterUs, wholeAfterUs, nextAfterUs }) => ({
    used,
    one: round(oneAfterUs),
    whole: round(wholeAfterUs),
    next: round(nextAfterUs),
  });
}
