/**
 * The causes for which a lane sends nothing now, the strongest first. `paused`: a person stopped it. `upstream`: the
 * upstream asked to wait. `breaker`: the upstream fails. `capacity`: the maximum number of calls of this process is in
 * flight. `nothing_pending`: no id waits. `retry`: all pending ids are retries that are not due. `limit`: a limit of the
 * lane is used up. `quiet_hours`: the lane sends nothing in these hours. `filling`: the pending ids are too few for a
 * dispatch, and it waits for more. `pace`: the delay since the last dispatch is not over.
 */
export const HELD_BY_KINDS = [
  'paused',
  'upstream',
  'breaker',
  'capacity',
  'nothing_pending',
  'retry',
  'quiet_hours',
  'limit',
  'filling',
  'pace',
] as const;

/** The cause for which a lane sends nothing now. */
export interface HeldBy {
  readonly kind: (typeof HELD_BY_KINDS)[number];
  /** The wall time in ms since when it holds the lane; null if that is unknown. */
  readonly sinceMs: number | null;
  /** The wall time in ms at which it ends by itself; null if no time ends it, or if that is unknown. */
  readonly untilMs: number | null;
  /** The limit as its owner stated it, such as `190 calls per 10 s`; null for every other kind. */
  readonly limit: string | null;
  /** The cause in words, without its times. */
  readonly text: string;
}
