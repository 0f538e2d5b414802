/** Runs work one at a time, in the order of the calls. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs `work` after all earlier work has ended; resolves or rejects as `work` does. */
  runExclusive<T>(work: () => Promise<T>): Promise<T> {
    const passed = this.last.then(work);
    this.last = passed.catch(() => undefined);
    return passed;
  }
}
