import { describe, expect, it } from '@jest/globals';
import { parseLimits } from '../../domain/limits/parse-limits.js';
import { admit } from './admit.js';
import type { RulesReading } from './departure-log.store.js';
import { LaneRules } from './lane-rules.js';

const SECOND = 1_000_000;
const IDLE = { used: 0, oneAfterUs: null, wholeAfterUs: null, nextAfterUs: null };

function rulesOf(limits: unknown, { batchSize = 3, isPerId = false } = {}): LaneRules {
  return new LaneRules({ limits: parseLimits(limits), batchSize, isPerId, timeoutMs: 1000 });
}

function reading(...windows: RulesReading['windows']): RulesReading {
  return { nowUs: 100 * SECOND, windows, callsInFlight: 0 };
}

describe('admit', () => {
  it('opens for every dispatch that fits whole into the least room of any rule', () => {
    const rules = rulesOf([
      { calls: 10, per: 10 },
      { ids: 8, per: 10 },
    ]);

    expect(admit(rules, reading(IDLE, IDLE), [3, 3, 3])).toEqual({ kind: 'open', ids: 6 });
    expect(admit(rules, reading({ ...IDLE, used: 9 }, IDLE), [3, 3, 3])).toEqual({ kind: 'open', ids: 3 });
  });

  it('counts each id as a call in a lane of one id a request', () => {
    const rules = rulesOf([{ calls: 4, per: 10 }], { isPerId: true });

    expect(admit(rules, reading(IDLE), [3, 3])).toEqual({ kind: 'open', ids: 3 });
    expect(admit(rules, reading({ ...IDLE, used: 2 }), [3])).toEqual({ kind: 'open', ids: 2 });
  });

  it('is closed until the departure that used up the window has left it, and names the rule', () => {
    const rules = rulesOf([
      { calls: 190, per: 10, margin: 0 },
      { ids: 1000, per: 60, margin: 0 },
    ]);
    const full = { used: 190, oneAfterUs: 95 * SECOND, wholeAfterUs: 95 * SECOND, nextAfterUs: 95 * SECOND };

    expect(admit(rules, reading(full, IDLE), [3])).toEqual({
      kind: 'closed',
      opensInUs: 5 * SECOND,
      rule: '190 calls per 10 s',
    });
  });

  it('waits for room for a full dispatch, but no longer than the rule takes to make it', () => {
    const rules = rulesOf([{ ids: 10, per: 10, margin: 0 }]);
    const short = { used: 9, oneAfterUs: 88 * SECOND, wholeAfterUs: 99 * SECOND, nextAfterUs: 95 * SECOND };

    // room for one since 98 s, and the rule makes room for three in 3 s
    expect(admit(rules, reading(short), [3])).toMatchObject({ kind: 'closed', opensInUs: SECOND });
    expect(admit(rules, { ...reading(short), nowUs: 101 * SECOND }, [3])).toEqual({ kind: 'open', ids: 1 });
    expect(admit(rules, reading(short), [1])).toEqual({ kind: 'open', ids: 1 });
  });

  it('is closed until an answer comes while the most calls are in flight', () => {
    const rules = rulesOf([{ in_flight: 2 }]);

    expect(admit(rules, { ...reading(), callsInFlight: 1 }, [3, 3])).toEqual({ kind: 'open', ids: 3 });
    expect(admit(rules, { ...reading(), callsInFlight: 2 }, [3])).toEqual({
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
});
