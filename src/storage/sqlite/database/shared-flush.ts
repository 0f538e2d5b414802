import type { Runtime } from '../../../domain/runtime.js';

/**
 * Lets callers that wait for a flush at the same time share one. One flush runs at a time. It begins in the next turn of
 * the event loop, so that what is committed in this one goes with it.
 */
export class SharedFlush {
  private running: Promise<void> | null = null;
  /** The number of commits when the running flush began. It covers these. */
  private covered = 0;
  private next: Promise<void> | null = null;

  constructor(
    private readonly flush: () => Promise<void>,
    private readonly runtime: Pick<Runtime, 'nextTurn'>,
    /** Returns the number of commits so far. */
    private readonly commits: () => number,
  ) {}

  /** Joins the running flush if nothing was committed since it began, otherwise the next one; rejects as it does. */
  join(): Promise<void> {
    if (this.running !== null && this.commits() === this.covered) {
      return this.running;
    }
    this.next ??= this.begin(this.running);
    return this.next;
  }

  private async begin(running: Promise<void> | null): Promise<void> {
    await running?.catch(() => undefined); // its own callers get the error
    await this.runtime.nextTurn();
    this.next = null;
    this.covered = this.commits();
    this.running = this.flush();
    try {
      await this.running;
    } finally {
      this.running = null;
    }
  }
}
