import type { Runtime } from '../../../domain/runtime.js';

/**
 * Lets callers that wait for a flush at the same time share one. One flush runs at a time. It begins in the next turn of
 * the event loop, so that what is committed in this one goes with it.
 */
export class SharedFlush {
  private running: Promise<void> | null = null;
  private next: Promise<void> | null = null;

  constructor(
    private readonly flush: () => Promise<void>,
    private readonly runtime: Pick<Runtime, 'nextTurn'>,
  ) {}

  /**
   * Joins the flush that begins next; rejects as it does. A running flush may not cover what was committed since its
   * start.
   */
  join(): Promise<void> {
    this.next ??= this.begin(this.running);
    return this.next;
  }

  private async begin(running: Promise<void> | null): Promise<void> {
    await running?.catch(() => undefined); // its own callers get the error
    await this.runtime.nextTurn();
    this.next = null;
    this.running = this.flush();
    try {
      await this.running;
    } finally {
      this.running = null;
    }
  }
}
