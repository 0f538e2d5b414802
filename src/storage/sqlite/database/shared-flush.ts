/** Lets callers that wait for a flush at the same time share one. One flush runs at a time. */
export class SharedFlush {
  private running: Promise<void> | null = null;
  private next: Promise<void> | null = null;

  constructor(private readonly flush: () => Promise<void>) {}

  /**
   * Joins the flush that begins next; rejects as it does. A running flush may not cover what was committed since its
   * start.
   */
  join(): Promise<void> {
    if (this.running === null) {
      this.running = this.flush().finally(() => {
        this.running = null;
      });
      return this.running;
    }
    this.next ??= this.running
      .catch(() => undefined) // its own callers get the error
      .then(() => {
        this.next = null;
        return this.join();
      });
    return this.next;
  }
}
