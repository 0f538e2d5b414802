import { AsyncLocalStorage } from 'node:async_hooks';
import type { Runtime } from '../../domain/runtime.js';

/**
 * Runs queued work in order, one piece per turn of the event loop. Hundreds of long bodies that end in one
 * turn would otherwise block all other work, including their own responses.
 */
export class EventLoopQueue {
  private readonly tasks: (() => void)[] = [];

  constructor(private readonly runtime: Runtime) {}

  add(work: () => void): void {
    this.tasks.push(AsyncLocalStorage.bind(work));
    if (this.tasks.length === 1) {
      this.runtime.setImmediate(this.next);
    }
  }

  private readonly next = (): void => {
    const work = this.tasks.shift();
    if (this.tasks.length > 0) {
      this.runtime.setImmediate(this.next);
    }
    work?.();
  };
}
