import type { LaneOptions } from './lane.options.js';

/** Returns the wait for the slot without the rest of the quiet hours, if the lane has them now. */
export function openSlotMs(
  { quietHours }: Pick<LaneOptions, 'quietHours'>,
  slotOpensInMs: number,
  nowMs: number,
): number {
  const quietUntilMs = quietHours?.endsAt(nowMs) ?? null;
  return quietUntilMs === null ? slotOpensInMs : Math.max(0, nowMs + slotOpensInMs - quietUntilMs);
}

/**
 * Returns the conversion of a departure that was estimated without the quiet hours of the lane. What leaves evenly is as much
 * later as they last. A quota by calendar goes on in them, so what waits for it leaves after them at the earliest.
 */
export function toOpenTime(
  { quietHours }: Pick<LaneOptions, 'quietHours'>,
  nowMs: number,
  isQuota = false,
): (departsAtMs: number) => number {
  if (quietHours === null) {
    return (departsAtMs) => departsAtMs;
  }
  return isQuota
    ? (departsAtMs) => quietHours.endsAt(departsAtMs) ?? departsAtMs
    : (departsAtMs) => quietHours.after(nowMs, Math.max(0, departsAtMs - nowMs));
}
