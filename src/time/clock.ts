/** The process's two clocks, behind one class so that tests can move them. */
export abstract class Clock {
  /** Wall time in milliseconds since the epoch. It may jump; use it only for what people read. */
  abstract wallMs(): number;

  /** Milliseconds from an arbitrary start, never running backwards. Use it for every duration. */
  abstract monotonicMs(): number;
}

/** The clocks of the machine. Jest's fake timers replace both globals, and so move this clock too. */
export class SystemClock extends Clock {
  override wallMs(): number {
    return Date.now();
  }

  override monotonicMs(): number {
    return performance.now();
  }
}
