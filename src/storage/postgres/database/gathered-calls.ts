/** An item that waits for its result, with the ends of its wait. */
interface WaitingItem<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs items together that are added at the same moment, in groups of at most `maxTogether`. `run` resolves with a result for
 * each item of its group; if it fails, the whole group fails.
 */
export class GatheredCalls<T, R> {
  private readonly waiting: WaitingItem<T, R>[] = [];

  constructor(
    private readonly run: (items: readonly T[]) => Promise<readonly R[]>,
    private readonly maxTogether = Number.POSITIVE_INFINITY,
  ) {}

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.waiting.length === 1) {
        void this.runSoon();
      }
    });
  }

  private async runSoon(): Promise<void> {
    await Promise.resolve(); // items of the same pass over the microtasks go together
    while (this.waiting.length > 0) {
      void this.runGroup(this.waiting.splice(0, this.maxTogether));
    }
  }

  private async runGroup(group: readonly WaitingItem<T, R>[]): Promise<void> {
    try {
      const results = await this.run(group.map(({ item }) => item));
      results.forEach((result, i) => {
        group[i]?.resolve(result);
      });
    } catch (error) {
      group.forEach(({ reject }) => {
        reject(error);
      });
    }
  }
}
