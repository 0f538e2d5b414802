import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { RuleHold } from './rule-hold.js';

const RULE = '1 calls per 60 s';

describe('A lane that a rule holds', () => {
  let clock: ManualClock;
  let hold: RuleHold;

  beforeEach(() => {
    clock = new ManualClock();
    hold = new RuleHold(clock);
  });

  it('is not held before a claim has found a rule', () => {
    expect([hold.closedBy(), hold.heldBy()]).toEqual([null, null]);
  });

  it('is held until the rule opens, and the remaining time is known', () => {
    expect(hold.close(RULE, 5_000_000)).toEqual({ opensInMs: 5000, rule: RULE });
    clock.advance(4999);
    expect(hold.closedBy()).toEqual({ opensInMs: 1, rule: RULE });
    expect(hold.heldBy()).toEqual({ opensInMs: 1, rule: RULE });
    clock.advance(1);
    expect([hold.closedBy(), hold.heldBy()]).toEqual([null, null]);
  });

  it('opens no earlier than a fraction of a microsecond allows', () => {
    expect(hold.close(RULE, 1000.2).opensInMs).toBe(1.001);
  });

  it('asks the store again after ten seconds, because another process may have given a charge back', () => {
    hold.close(RULE, 60_000_000);
    clock.advance(9999);
    expect(hold.closedBy()).toEqual({ opensInMs: 50_001, rule: RULE });
    clock.advance(1);
    expect(hold.closedBy()).toBeNull();
    expect(hold.heldBy()).toEqual({ opensInMs: 50_000, rule: RULE });
  });

  it('looks again soon where an answer makes room, and counts as held for two seconds', () => {
    expect(hold.close('2 in flight', null)).toEqual({ opensInMs: 50, rule: '2 in flight' });
    expect(hold.closedBy()).toBeNull();
    clock.advance(1999);
    expect(hold.heldBy()).toEqual({ opensInMs: 1, rule: '2 in flight' });
    clock.advance(1);
    expect(hold.heldBy()).toBeNull();
  });

  it('still asks the store where the rest of a quota is only reserved for a higher priority', () => {
    expect(hold.reserve(RULE, 2_000_000)).toEqual({ opensInMs: 2000, rule: RULE });
    expect(hold.closedBy()).toBeNull();
    expect(hold.heldBy()).toEqual({ opensInMs: 2000, rule: RULE });
  });

  it('asks the store after a charge was given back, and is held until the answer', () => {
    hold.close(RULE, 5_000_000);
    hold.askAgain();
    expect(hold.closedBy()).toBeNull();
    expect(hold.heldBy()).toEqual({ opensInMs: 5000, rule: RULE });
  });

  it('is held no more once a claim has succeeded', () => {
    hold.close(RULE, 5_000_000);
    hold.end();
    expect([hold.closedBy(), hold.heldBy()]).toEqual([null, null]);
  });
});
