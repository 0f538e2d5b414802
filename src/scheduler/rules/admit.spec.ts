import { describe, expect, it } from '@jest/globals';
import { parseLimits } from '../../domain/limits/parse-limits.js';
import { admit, everAdmits, reopensInUs } from './admit.js';
import type { RulesReading } from './departure-log.store.js';
import { LaneRules } from './lane-rules.js';
import { Reserve } from './reserve.js';
import type { IdRun } from './id-run.js';

const SECOND = 1_000_000;
const IDLE = { used: 0, oneAfterUs: null, wholeAfterUs: null, nextAfterUs: null };

function rulesOf(limits: unknown, { batchSize = 3, isPerId = false } = {}): LaneRules {
  return new LaneRules({ limits: parseLimits(limits), batchSize, isPerId, timeoutMs: 1000 });
}

function reading(...windows: RulesReading['windows']): RulesReading {
  return { nowUs: 100 * SECOND, wallUs: 0, windows, calendars: [], callsInFlight: 0 };
}

function used(...amounts: number[]): RulesReading {
  return {
    ...reading(),
    calendars: amounts.map((amount, i) => ({ used: amount, nextUs: (200 + i) * SECOND })),
  };
}

/** Dispatches of ids of one priority each. */
function of(...sizes: number[]): IdRun[][] {
  return sizes.map((ids) => [{ rank: 1, ids, units: 1 }]);
}

describe('admit', () => {
  it('opens for every dispatch that fits whole into the least room of any rule', () => {
    const rules = rulesOf([
      { calls: 10, per: 10 },
      { ids: 8, per: 10 },
    ]);

    expect(admit(rules, reading(IDLE, IDLE), of(3, 3, 3))).toEqual({ kind: 'open', ids: 6 });
    expect(admit(rules, reading({ ...IDLE, used: 9 }, IDLE), of(3, 3, 3))).toEqual({ kind: 'open', ids: 3 });
  });

  it('counts each id as a call in a lane of one id a request', () => {
    const rules = rulesOf([{ calls: 4, per: 10 }], { isPerId: true });

    expect(admit(rules, reading(IDLE), of(3, 3))).toEqual({ kind: 'open', ids: 3 });
    expect(admit(rules, reading({ ...IDLE, used: 2 }), of(3))).toEqual({ kind: 'open', ids: 2 });
  });

  it('is closed until the departure that used up the window has left it, and names the rule', () => {
    const rules = rulesOf([
      { calls: 190, per: 10, margin: 0 },
      { ids: 1000, per: 60, margin: 0 },
    ]);
    const full = { used: 190, oneAfterUs: 95 * SECOND, wholeAfterUs: 95 * SECOND, nextAfterUs: 95 * SECOND };

    expect(admit(rules, reading(full, IDLE), of(3))).toEqual({
      kind: 'closed',
      opensInUs: 5 * SECOND,
      rule: '190 calls per 10 s',
    });
  });

  it('waits for room for a full dispatch, but no longer than the rule takes to make it', () => {
    const rules = rulesOf([{ ids: 10, per: 10, margin: 0 }]);
    const short = { used: 9, oneAfterUs: 88 * SECOND, wholeAfterUs: 99 * SECOND, nextAfterUs: 95 * SECOND };

    // room for one since 98 s, and the rule makes room for three in 3 s
    expect(admit(rules, reading(short), of(3))).toMatchObject({ kind: 'closed', opensInUs: SECOND });
    expect(admit(rules, { ...reading(short), nowUs: 101 * SECOND }, of(3))).toEqual({ kind: 'open', ids: 1 });
    expect(admit(rules, reading(short), of(1))).toEqual({ kind: 'open', ids: 1 });
  });

  it('is closed until an answer comes while the most calls are in flight', () => {
    const rules = rulesOf([{ in_flight: 2 }]);

    expect(admit(rules, { ...reading(), callsInFlight: 1 }, of(3, 3))).toEqual({ kind: 'open', ids: 3 });
    expect(admit(rules, { ...reading(), callsInFlight: 2 }, of(3))).toEqual({
      kind: 'closed',
      opensInUs: null,
      rule: '2 in flight',
    });
  });

  it('has a second window that spaces dispatches evenly where a limit is spread', () => {
    const rules = rulesOf([{ ids: 30, per: 10, margin: 0, spread: true }]);

    expect(rules.windows).toMatchObject([
      { max: 30, perUs: 10 * SECOND },
      { max: 3, perUs: SECOND },
    ]);
  });

  it('lets the rest of a calendar quota go at once, and is closed until the next period', () => {
    const rules = rulesOf([{ ids: 10, per: 'day', margin: 0 }]);

    expect(admit(rules, used(4), of(3, 3))).toEqual({ kind: 'open', ids: 6 });
    expect(admit(rules, used(8), of(3, 3))).toEqual({ kind: 'open', ids: 2 });
    expect(admit(rules, used(10), of(3))).toEqual({
      kind: 'closed',
      opensInUs: 100 * SECOND,
      rule: '10 ids per day in UTC',
    });
    expect(admit(rules, used(12), of(3))).toMatchObject({ kind: 'closed' }); // the quota was made smaller
  });

  it('waits in a window for no more than a calendar leaves', () => {
    const rules = rulesOf([
      { ids: 10, per: 10, margin: 0 },
      { ids: 100, per: 'day' },
    ]);
    const short = { used: 9, oneAfterUs: 88 * SECOND, wholeAfterUs: 99 * SECOND, nextAfterUs: 95 * SECOND };

    expect(admit(rules, { ...used(99), windows: [short] }, of(3))).toEqual({ kind: 'open', ids: 1 });
    expect(admit(rules, { ...used(90), windows: [short] }, of(3))).toMatchObject({ kind: 'closed' });
  });

  it('keeps the reserved share of a quota from lower priorities, within a dispatch too', () => {
    const rules = rulesOf([{ ids: 10, per: 'day', reserve: { HIGH: '20%', MEDIUM: '30%' } }]);
    const mixed: IdRun[] = [
      { rank: 0, ids: 1, units: 1 },
      { rank: 1, ids: 1, units: 1 },
      { rank: 2, ids: 1, units: 1 },
    ];

    expect(admit(rules, used(2), [mixed])).toEqual({ kind: 'open', ids: 3 });
    expect(admit(rules, used(3), [mixed])).toEqual({ kind: 'open', ids: 2 });
    expect(admit(rules, used(7), [mixed])).toEqual({ kind: 'open', ids: 1 });
    expect(admit(rules, used(9), [mixed])).toEqual({ kind: 'open', ids: 1 });
    expect(admit(rules, used(10), [mixed])).toMatchObject({ kind: 'closed' });
  });

  it('passes ids over only while the rest is reserved, not once a quota is used up', () => {
    const rules = rulesOf([{ ids: 10, per: 'day', reserve: { HIGH: '20%' } }]);
    const keeps = (amount: number, rank: 0 | 2): boolean =>
      new Reserve(rules, used(amount)).keepsFrom({ rank, units: 1 });

    expect([keeps(7, 2), keeps(8, 2), keeps(9, 2), keeps(10, 2)]).toEqual([false, true, true, false]);
    expect(keeps(8, 0)).toBe(false);
  });

  it('lets a late dispatch go where its priority has room, and otherwise in the next period', () => {
    const rules = rulesOf([{ ids: 10, per: 'day', reserve: { HIGH: '20%' } }]);

    expect(reopensInUs(rules, used(5), { rank: 2, wanted: rules.amountOf(3) })).toBeLessThan(0);
    expect(reopensInUs(rules, used(6), { rank: 2, wanted: rules.amountOf(3) })).toBe(100 * SECOND);
    expect(reopensInUs(rules, used(6), { rank: 0, wanted: rules.amountOf(3) })).toBeLessThan(0);
  });

  it('lets a late dispatch go when its ids have room in every window', () => {
    const rules = rulesOf([
      { ids: 10, per: 10, margin: 0 },
      { calls: 5, per: 60, margin: 0 },
    ]);
    const short = { used: 8, oneAfterUs: 85 * SECOND, wholeAfterUs: 97 * SECOND, nextAfterUs: 94 * SECOND };
    const reopens = (ids: number, calls = IDLE): number =>
      reopensInUs(rules, reading(short, calls), { rank: 0, wanted: rules.amountOf(ids) });

    expect(reopens(2)).toBe(Number.NEGATIVE_INFINITY);
    expect(reopens(3)).toBe(7 * SECOND);
    const full = { used: 5, oneAfterUs: 50 * SECOND, wholeAfterUs: 50 * SECOND, nextAfterUs: 45 * SECOND };
    expect(reopensInUs(rules, reading(short, full), { rank: 0, wanted: rules.amountOf(3) })).toBe(
      10 * SECOND,
    );
  });

  it('goes by units where ids cost differently, and waits for the next departure to leave the window', () => {
    const rules = rulesOf([{ units: 10, per: 10, margin: 0 }]);
    const costly: IdRun[] = [{ rank: 1, ids: 3, units: 4 }];
    const short = { used: 4, oneAfterUs: 80 * SECOND, wholeAfterUs: 80 * SECOND, nextAfterUs: 94 * SECOND };

    expect(admit(rules, reading(IDLE), [costly])).toEqual({ kind: 'open', ids: 2 });
    expect(admit(rules, reading({ ...short, used: 7 }), [costly])).toEqual({
      kind: 'closed',
      opensInUs: 4 * SECOND,
      rule: '10 units per 10 s',
    });
  });

  it('looks again in a second where the next id costs more than a rule ever lets go, and says so', () => {
    const rules = rulesOf([
      { units: 10, per: 10 },
      { units: 8, per: 'day', reserve: { HIGH: '25%' } },
    ]);
    const costing = (units: number): IdRun[][] => [[{ rank: 2, ids: 1, units }]];
    const state = { ...used(0), windows: [IDLE] };

    expect(admit(rules, state, costing(6))).toEqual({ kind: 'open', ids: 1 });
    expect(admit(rules, state, costing(7))).toEqual({
      kind: 'closed',
      opensInUs: SECOND,
      rule: '8 units per day in UTC, while the next id costs 7 units',
    });
    expect(admit(rules, state, [[{ rank: 0, ids: 1, units: 7 }]])).toEqual({ kind: 'open', ids: 1 });
  });

  it('sends a call that is repeated whole or not at all', () => {
    const rules = rulesOf([{ ids: 10, per: 'day' }]);

    expect(admit(rules, used(8), of(3))).toEqual({ kind: 'open', ids: 2 });
    expect(admit(rules, used(8), of(3), true)).toMatchObject({ kind: 'closed', opensInUs: 100 * SECOND });
    expect(admit(rules, used(7), of(3), true)).toEqual({ kind: 'open', ids: 3 });
  });

  it('names the rule that holds for longest, and an answer to wait for above all', () => {
    const rules = rulesOf([
      { calls: 1, per: 10, margin: 0 },
      { calls: 1, per: 20, margin: 0 },
      { ids: 10, per: 'day' },
      { in_flight: 1 },
    ]);
    const full = { used: 1, oneAfterUs: 99 * SECOND, wholeAfterUs: 99 * SECOND, nextAfterUs: 99 * SECOND };
    const state: RulesReading = { ...used(0), windows: [full, full] };

    expect(admit(rules, state, of(3))).toMatchObject({ opensInUs: 19 * SECOND, rule: '1 calls per 20 s' });
    const usedUp = { ...state, calendars: used(10).calendars };
    expect(admit(rules, usedUp, of(3))).toMatchObject({
      opensInUs: 100 * SECOND,
      rule: '10 ids per day in UTC',
    });
    expect(admit(rules, { ...usedUp, callsInFlight: 1 }, of(3))).toEqual({
      kind: 'closed',
      opensInUs: null,
      rule: '1 in flight',
    });
  });

  it('knows a dispatch that no rule will ever let go whole', () => {
    const rules = rulesOf([
      { units: 10, per: 10 },
      { ids: 4, per: 'day' },
    ]);
    const admits = (ids: number, units: number): boolean => everAdmits(rules, [{ rank: 1, ids, units }]);

    expect([admits(4, 2), admits(5, 2), admits(2, 5), admits(2, 6)]).toEqual([true, false, true, false]);
  });

  it('refuses to decide without a reading of each rule', () => {
    expect(() => admit(rulesOf([{ ids: 10, per: 10 }]), reading(), of(3))).toThrow('did not read rule 0');
  });

  it('stops at the first id without room, although a later one would fit', () => {
    const rules = rulesOf([{ units: 10, per: 'day' }]);
    const costly: IdRun = { rank: 1, ids: 3, units: 4 };
    const cheap: IdRun = { rank: 1, ids: 1, units: 1 };

    expect(admit(rules, used(0), [[costly, cheap]])).toEqual({ kind: 'open', ids: 2 });
    expect(admit(rules, used(0), [[costly], [cheap]])).toEqual({ kind: 'open', ids: 2 });
  });

  it('charges a dispatch before it looks at the next one', () => {
    const rules = rulesOf([{ units: 10, per: 'day' }]);

    expect(
      admit(
        rules,
        used(0),
        [1, 2].map(() => [{ rank: 1, ids: 2, units: 3 }]),
      ),
    ).toEqual({
      kind: 'open',
      ids: 2,
    });
  });

  it('counts a call of several lists once', () => {
    const lists: IdRun[] = [0, 1].map(() => ({ rank: 1, ids: 1, units: 1 }));

    expect(admit(rulesOf([{ calls: 1, per: 'day' }]), used(0), [lists])).toEqual({ kind: 'open', ids: 2 });
  });

  it('lets nothing go while the store does not know the period of a quota', () => {
    const rules = rulesOf([{ ids: 10, per: 'day' }]);
    const unknown = { ...reading(), calendars: [{ used: null, nextUs: 200 * SECOND }] };

    expect(admit(rules, unknown, of(3))).toMatchObject({ kind: 'closed', opensInUs: 100 * SECOND });
    expect(reopensInUs(rules, unknown, { rank: 0, wanted: rules.amountOf(3) })).toBe(100 * SECOND);
  });

  it('asks for the departure that makes room for one, for some, or for a full dispatch', () => {
    const rules = rulesOf([{ ids: 10, per: 10, margin: 0 }]);
    const times = { oneAfterUs: 97 * SECOND, wholeAfterUs: 99 * SECOND, nextAfterUs: 94 * SECOND };
    const reopens = (amount: number, ids: number): number =>
      reopensInUs(rules, reading({ used: amount, ...times }), { rank: 0, wanted: rules.amountOf(ids) });

    expect([reopens(9, 2), reopens(10, 2), reopens(12, 2), reopens(9, 3)]).toEqual(
      [4, 7, 7, 9].map((seconds) => seconds * SECOND),
    );
  });

  it('names no rule that has room, and the longest one in whatever order they are stated', () => {
    const quotas = rulesOf([
      { ids: 10, per: 'day' },
      { ids: 10, per: 'week' },
    ]);
    expect(admit(quotas, used(10, 0), of(3))).toMatchObject({
      opensInUs: 100 * SECOND,
      rule: '10 ids per day in UTC',
    });
    const windows = rulesOf([
      { calls: 1, per: 20, margin: 0 },
      { calls: 1, per: 10, margin: 0 },
    ]);
    const full = { used: 1, oneAfterUs: 99 * SECOND, wholeAfterUs: 99 * SECOND, nextAfterUs: 99 * SECOND };
    expect(admit(windows, reading(full, full), of(3))).toMatchObject({ rule: '1 calls per 20 s' });
  });

  it('tells which quota keeps ids back, and until when', () => {
    const reserved = rulesOf([
      { ids: 10, per: 'week' },
      { ids: 10, per: 'day', reserve: { HIGH: '20%' } },
    ]);
    const reserve = new Reserve(reserved, used(0, 8));

    expect(reserve.keepsFrom({ rank: 1, units: 1 })).toBe(true);
    expect(reserve.kept).toEqual({
      rule: '10 ids per day in UTC, of which the rest is reserved',
      opensInUs: 101 * SECOND,
    });
    expect(reserve.isNeeded).toBe(true);
    expect(new Reserve(rulesOf([{ ids: 10, per: 'day' }]), used(0)).isNeeded).toBe(false);
    expect(new Reserve(reserved, used(0, 7)).kept).toBeNull();
  });
});
