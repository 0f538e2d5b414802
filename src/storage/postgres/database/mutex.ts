/** Lets work through one at a time, in the order in which it came. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `work` does, which begins when all that came before it has ended. */
  runExclusive<T>(work: () => Promise<T>): Promise<T> {
    const passed = this.last.then(work);
    this.last = passed.catch(() => undefined);
    return passed;
  }
}
