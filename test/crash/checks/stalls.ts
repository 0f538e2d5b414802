import type { RecordedCall, Stall } from '../recorder/protocol.ts';

/** The shift of a start that loopback and process wake-up may cause. */
export const LOOPBACK_MS = 8;

/** Returns the time (ms) that a stall of the recorder may have delayed the record of the call. */
export function stallBefore({ startedMs }: RecordedCall, stalls: readonly Stall[]): number {
  const stall = stalls.find(({ fromMs, toMs }) => fromMs <= startedMs && startedMs <= toMs + 1);
  return stall === undefined ? 0 : Math.max(0, startedMs - stall.fromMs);
}
