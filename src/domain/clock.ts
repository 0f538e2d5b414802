/** The process's two clocks, behind one class so that tests can move them. */
export abstract class Clock {
  /** Wall time in milliseconds since the epoch. It may jump; use it only for what people read. */
  abstract wallMs(): number;

  /**
   * Milliseconds from an arbitrary start, never running backwards. Use it for every duration. It goes on from one
   * process to the next, as long as the machine runs.
   */
  abstract monotonicMs(): number;
}

const NS_PER_MS = 1e6;

/** The clocks of the machine. Jest's fake timers replace what both read, and so move this clock too. */
export class SystemClock extends Clock {
  override wallMs(): number {
    return Date.now();
  }

  override monotonicMs(): number {
    return Number(process.hrtime.bigint()) / NS_PER_MS;
  }
}
