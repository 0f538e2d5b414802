import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Work that comes in crowds, one piece in each turn of the event loop, in its order. Hundreds of long bodies that end in
 * one turn would otherwise keep everything else waiting, their own answers too.
 */
export class EventLoopQueue {
  private readonly tasks: (() => void)[] = [];

  add(work: () => void): void {
    this.tasks.push(AsyncLocalStorage.bind(work));
    if (this.tasks.length === 1) {
      setImmediate(this.next);
    }
  }

  private readonly next = (): void => {
    const work = this.tasks.shift();
    if (this.tasks.length > 0) {
      setImmediate(this.next);
    }
    work?.();
  };
}
