import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How many turns of the event loop a group may gather for, while each brings more. */
const MAX_GATHER_TURNS = 4;

interface PendingItem<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits together what arrives together: one commit at a time, and while it runs the next group gathers. Each item's
 * promise settles after its group's commit. `weigh` bounds a group, so that no commit holds the event loop for long.
 */
export class GroupCommit<T, R> {
  /** How many items ever came. */
  addedCount = 0;
  private readonly queue: PendingItem<T, R>[] = [];
  private isCommitting = false;
  private readonly yieldWaiters: (() => void)[] = [];
  /** A commit carries many requests, and is none's. */
  private readonly commitDetached = AsyncLocalStorage.bind(() => this.commitAll());

  constructor(
    private readonly commit: (items: readonly T[]) => Promise<readonly R[]>,
    private readonly weigh: (item: T) => number,
    private readonly maxWeight: number,
  ) {}

  /** Resolves with the item's result; rejects with what the commit of its group threw. */
  add(item: T): Promise<R> {
    this.addedCount += 1;
    return new Promise((resolve, reject) => {
      this.queue.push({ item, resolve, reject });
      if (!this.isCommitting) {
        this.isCommitting = true;
        void this.commitDetached();
      }
    });
  }

  /** Resolves when the group that gathers or is being committed has been; now where there is none. */
  async yieldToPending(): Promise<void> {
    if (this.isCommitting) {
      await new Promise<void>((resolve) => this.yieldWaiters.push(resolve));
    }
  }

  private async commitAll(): Promise<void> {
    await this.gather();
    while (this.queue.length > 0) {
      await this.commitGroup(this.takeGroup());
      await this.gather();
    }
    this.isCommitting = false;
    this.resumeYielded();
  }

  private resumeYielded(): void {
    this.yieldWaiters.splice(0).forEach((goOn) => {
      goOn();
    });
  }

  /**
   * Waits while each turn of the event loop brings more, and it fits: fewer commits then carry the same. With long lists
   * under way a turn is long, too.
   */
  private async gather(): Promise<void> {
    for (let turn = 0; turn < MAX_GATHER_TURNS && this.groupSize() === this.queue.length; turn++) {
      const before = this.queue.length;
      await nextTurn();
      if (this.queue.length === before) {
        return;
      }
    }
  }

  private takeGroup(): PendingItem<T, R>[] {
    return this.queue.splice(0, this.groupSize());
  }

  /** How many of those that wait one commit carries. */
  private groupSize(): number {
    let weight = 0;
    let count = 0;
    for (const { item } of this.queue) {
      weight += this.weigh(item);
      if (count > 0 && weight > this.maxWeight) {
        break;
      }
      count += 1;
    }
    return count;
  }

  private async commitGroup(group: readonly PendingItem<T, R>[]): Promise<void> {
    try {
      const results = await this.commit(group.map(({ item }) => item));
      group.forEach(({ resolve, reject }, i) => {
        const result = results[i];
        if (result === undefined) {
          reject(new Error('the commit left an item without a result'));
        } else {
          resolve(result);
        }
      });
    } catch (error) {
      group.forEach(({ reject }) => {
        reject(error);
      });
    }
    this.resumeYielded();
  }
}
