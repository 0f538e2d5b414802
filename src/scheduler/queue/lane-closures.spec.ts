import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { LaneClosures } from './lane-closures.js';

describe('A hold that an upstream has asked for', () => {
  let clock: ManualClock;
  let closures: LaneClosures;

  beforeEach(() => {
    clock = new ManualClock();
    closures = new LaneClosures(clock);
  });

  it('closes its lane for its time, and no other lane', () => {
    closures.hold('slow', 1000);
    expect([closures.isHeld('slow'), closures.isHeld('other')]).toEqual([true, false]);
    clock.advance(1000);

    expect(closures.isHeld('slow')).toBe(false);
  });

  it('does not end a longer one', () => {
    closures.hold('slow', 1000);
    closures.hold('slow', 10);
    clock.advance(999);

    expect(closures.isHeld('slow')).toBe(true);
  });

  it('counts on a clock below zero, too', () => {
    clock.advance(-1_000_000_000);
    expect(closures.isHeld('slow')).toBe(false);
    closures.hold('slow', 1000);

    expect(closures.isHeld('slow')).toBe(true);
  });
});
