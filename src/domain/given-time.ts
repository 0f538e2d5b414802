/** A time as a client gave it: a wall time in ms, or a time in ms from the acceptance on. */
export type GivenTime = { readonly atMs: number } | { readonly inMs: number };

/** Returns the wall time in ms of a time that was given at `wallMs`; null if none was given. */
export function toWallMs(time: GivenTime | undefined, wallMs: number): number | null {
  return time === undefined ? null : wallMs + toInMs(time, wallMs);
}

/** Returns the time from `wallMs` until the given time, in ms; negative if it has passed. */
export function toInMs(time: GivenTime, wallMs: number): number {
  return 'inMs' in time ? time.inMs : time.atMs - wallMs;
}
