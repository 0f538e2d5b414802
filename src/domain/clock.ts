/** Gives access to the wall clock and the monotonic clock. Tests replace it to control time. */
export abstract class Clock {
  /** Wall time in milliseconds since the epoch. It may jump; use it only for times that people read. */
  abstract wallMs(): number;

  /**
   * Milliseconds from an arbitrary start; the value never decreases. Use it for every duration. It continues across
   * processes for as long as the machine runs.
   */
  abstract monotonicMs(): number;
}
