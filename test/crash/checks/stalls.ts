import { HEARTBEAT_MS, STALL_MS, type RecordedCall, type Stall } from '../recorder/protocol.ts';

/** The shift of a start that loopback and process wake-up may cause. */
export const LOOPBACK_MS = 8;

const ADJACENT_MS = 0.1;

/** Calls that came in a stall may be read until the next heartbeat, which counts as a stall only if it is late. */
const READ_WITHIN_MS = HEARTBEAT_MS + STALL_MS;

/**
 * Returns the time (ms) that stalls of the recorder may have delayed the record of the call. Stalls that follow each other
 * count as one: between them the recorder may have had no time to read its sockets.
 */
export function stallBefore({ startedMs }: RecordedCall, stalls: readonly Stall[]): number {
  let i = stalls.findIndex(({ fromMs, toMs }) => fromMs <= startedMs && startedMs <= toMs + READ_WITHIN_MS);
  let fromMs = startedMs;
  while (i >= 0) {
    fromMs = Math.min(fromMs, stalls[i]?.fromMs ?? fromMs);
    const before = stalls[i - 1];
    i = before !== undefined && fromMs - before.toMs < ADJACENT_MS ? i - 1 : -1;
  }
  return startedMs - fromMs;
}
