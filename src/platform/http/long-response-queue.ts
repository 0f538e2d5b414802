import { Injectable } from '@nestjs/common';
import { Runtime } from '../../domain/runtime.js';

/** Pieces that may be made at the same time: a store that answers over a network takes a while for each one. */
export const MAX_IN_FLIGHT = 4;

/**
 * Makes the pieces of long responses in order of request: at most one starts in each turn of the event loop, so that
 * other requests run between two pieces, however many long responses there are. All of this process share one queue.
 */
@Injectable()
export class LongResponseQueue {
  private readonly waiting: (() => void)[] = [];
  private inFlight = 0;
  private isScheduled = false;

  constructor(private readonly runtime: Runtime) {}

  /** Calls `make` when it is its turn. Resolves or fails like `make`. */
  async run<T>(make: () => Promise<T>): Promise<T> {
    await new Promise<void>((start) => {
      this.waiting.push(start);
      this.schedule();
    });
    try {
      return await make();
    } finally {
      this.inFlight -= 1;
      this.schedule();
    }
  }

  private schedule(): void {
    if (!this.isScheduled && this.waiting.length > 0 && this.inFlight < MAX_IN_FLIGHT) {
      this.isScheduled = true;
      this.runtime.setImmediate(this.startNext);
    }
  }

  private readonly startNext = (): void => {
    this.isScheduled = false;
    const start = this.waiting.shift();
    if (start !== undefined) {
      this.inFlight += 1;
      start();
    }
    this.schedule();
  };
}
