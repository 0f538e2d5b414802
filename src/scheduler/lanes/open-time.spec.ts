import { describe, expect, it } from '@jest/globals';
import { parseQuietHours } from '../../domain/limits/parse-quiet-hours.js';
import { openSlotMs, toOpenTime } from './open-time.js';

const HOUR_MS = 3_600_000;
/** A Friday. */
const NOW_MS = Date.UTC(2026, 10, 27, 21);
const lane = { quietHours: parseQuietHours([{ from: '20:00', to: '08:00' }]) };
const END_MS = NOW_MS + 11 * HOUR_MS;

describe('The open time of a lane in its quiet hours', () => {
  it.each([-5, 0, 5])('counts them once if the slot opens %d ms after their end', (afterMs) => {
    const openMs = openSlotMs(lane, END_MS + afterMs - NOW_MS, NOW_MS);

    expect(toOpenTime(lane, NOW_MS)(NOW_MS + openMs + HOUR_MS)).toBe(END_MS + Math.max(0, afterMs) + HOUR_MS);
  });

  it('is the wait for the slot outside of them', () => {
    expect(openSlotMs(lane, 1234, END_MS)).toBe(1234);
    expect(openSlotMs({ quietHours: null }, 1234, NOW_MS)).toBe(1234);
  });
});
