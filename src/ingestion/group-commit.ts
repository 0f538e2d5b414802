import { AsyncLocalStorage } from 'node:async_hooks';
import type { Runtime } from '../domain/runtime.js';

/** Maximum number of event-loop turns for which a group waits, as long as each turn adds items. */
const MAX_GATHER_TURNS = 4;

interface PendingItem<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits items in groups: one commit runs at a time, and items that arrive meanwhile form the next group. Each item's
 * promise settles after its group's commit. `weigh` bounds the size of a group, so that no commit blocks the event loop
 * for long.
 */
export class GroupCommit<T, R> {
  /** Number of items added since the start. */
  addedCount = 0;
  private readonly queue: PendingItem<T, R>[] = [];
  private isCommitting = false;
  private readonly yieldWaiters: (() => void)[] = [];
  /** Runs outside any request's async context, because a commit belongs to many requests. */
  private readonly commitDetached = AsyncLocalStorage.bind(() => this.commitAll());

  constructor(
    private readonly runtime: Runtime,
    private readonly commit: (items: readonly T[]) => Promise<readonly R[]>,
    private readonly weigh: (item: T) => number,
    private readonly maxWeight: number,
  ) {}

  /** Resolves with the item's result; rejects with the error of its group's commit. */
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

  /** Resolves after the group that is gathering or being committed; at once if there is none. */
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
    this.yieldWaiters.splice(0).forEach((resume) => {
      resume();
    });
  }

  /**
   * Waits as long as each turn of the event loop adds items and they fit into the group: the same items then need fewer
   * commits. While long ingestions arrive, a turn is long too.
   */
  private async gather(): Promise<void> {
    for (let turn = 0; turn < MAX_GATHER_TURNS && this.groupSize() === this.queue.length; turn++) {
      const before = this.queue.length;
      await this.runtime.nextTurn();
      if (this.queue.length === before) {
        return;
      }
    }
  }

  private takeGroup(): PendingItem<T, R>[] {
    return this.queue.splice(0, this.groupSize());
  }

  /** Returns how many queued items fit into one commit. */
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
          reject(new Error('the commit returned no result for an item'));
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
