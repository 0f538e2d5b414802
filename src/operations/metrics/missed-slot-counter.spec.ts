import { describe, expect, it } from '@jest/globals';
import { MissedSlotCounter } from './missed-slot-counter.js';

const DELAY_MS = 5000;

describe('Slots are missed', () => {
  it('never while each dispatch begins as its slot opens, or a little late', () => {
    const slots = new MissedSlotCounter({ batchDelayMs: DELAY_MS, rules: null });
    slots.arrived(0);
    for (let i = 0; i < 10; i++) {
      slots.used(i * DELAY_MS + 30);
      slots.opensAt((i + 1) * DELAY_MS);
    }
    expect(slots.missed(10 * DELAY_MS)).toBe(0);
  });

  it('one for each whole delay that ids wait at an open slot, as soon as it has passed', () => {
    const slots = new MissedSlotCounter({ batchDelayMs: DELAY_MS, rules: null });
    slots.opensAt(DELAY_MS);
    expect(slots.missed(2 * DELAY_MS - 1)).toBe(0);
    expect(slots.missed(2 * DELAY_MS)).toBe(1);
    expect(slots.missed(2 * DELAY_MS)).toBe(1);
    expect(slots.missed(4 * DELAY_MS + 1)).toBe(3);
    slots.used(4 * DELAY_MS + 2);
    expect(slots.missed(100 * DELAY_MS)).toBe(3);
  });

  it('and are counted on after the next dispatch', () => {
    const slots = new MissedSlotCounter({ batchDelayMs: DELAY_MS, rules: null });
    slots.arrived(0);
    slots.used(DELAY_MS);
    slots.opensAt(2 * DELAY_MS);
    slots.used(3 * DELAY_MS);
    expect(slots.missed(3 * DELAY_MS)).toBe(2);
  });

  it('not where nothing waits, and from the arrival on where something comes', () => {
    const slots = new MissedSlotCounter({ batchDelayMs: DELAY_MS, rules: null });
    slots.opensAt(0);
    slots.idle();
    expect(slots.missed(10 * DELAY_MS)).toBe(0);
    slots.arrived(10 * DELAY_MS);
    slots.arrived(10.5 * DELAY_MS);
    expect([slots.overdueMs(11 * DELAY_MS), slots.missed(11 * DELAY_MS)]).toEqual([DELAY_MS, 1]);
  });

  it('not where another replica took the slot', () => {
    const slots = new MissedSlotCounter({ batchDelayMs: DELAY_MS, rules: null });
    for (let i = 1; i < 10; i++) {
      slots.opensAt(i * DELAY_MS);
    }
    expect(slots.missed(9.5 * DELAY_MS)).toBe(0);
  });

  it('not while the gate is kept back, and again from then on', () => {
    const slots = new MissedSlotCounter({ batchDelayMs: DELAY_MS, rules: null });
    slots.opensAt(0);
    slots.keepBack(1.5 * DELAY_MS, 10 * DELAY_MS);
    slots.arrived(3 * DELAY_MS);
    expect(slots.missed(10.9 * DELAY_MS)).toBe(1); // before it was kept back
    expect(slots.overdueMs(9 * DELAY_MS)).toBe(0);
    expect(slots.missed(12 * DELAY_MS)).toBe(3);
  });

  it('not while the gate is kept back for an unknown time, until it is let go', () => {
    const slots = new MissedSlotCounter({ batchDelayMs: DELAY_MS, rules: null });
    slots.opensAt(0);
    slots.keepBack(0, Number.POSITIVE_INFINITY);
    expect(slots.missed(100 * DELAY_MS)).toBe(0);
    slots.keepBack(100 * DELAY_MS, 100 * DELAY_MS);
    expect(slots.missed(101.5 * DELAY_MS)).toBe(1);
    slots.used(101.5 * DELAY_MS);
    expect(slots.missed(200 * DELAY_MS)).toBe(1);
  });

  it('never without a limit', () => {
    const slots = new MissedSlotCounter({ batchDelayMs: 0, rules: null });
    slots.arrived(0);
    expect(slots.missed(1e9)).toBe(0);
  });
});
