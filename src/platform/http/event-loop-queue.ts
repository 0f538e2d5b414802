import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Work that comes in crowds, one piece in each turn of the event loop, in its order. Hundreds of long bodies that end in
 * one turn would otherwise keep everything else waiting, their own answers too.
 */
export class OneATurn {
  private readonly waiting: (() => void)[] = [];

  add(work: () => void): void {
    this.waiting.push(AsyncLocalStorage.bind(work));
    if (this.waiting.length === 1) {
      setImmediate(this.goOn);
    }
  }

  private readonly goOn = (): void => {
    const work = this.waiting.shift();
    if (this.waiting.length > 0) {
      setImmediate(this.goOn);
    }
    work?.();
  };
}
