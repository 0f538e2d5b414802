/** Lets at most `max` pieces of work run at once. */
export class Semaphore {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly max: number) {}

  /** Resolves when one more piece of work may run. It must call {@link release} at its end. */
  async acquire(): Promise<void> {
    while (this.running === this.max) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running += 1;
  }

  release(): void {
    this.running -= 1;
    this.waiting.shift()?.();
  }
}
