import { Injectable } from '@nestjs/common';
import { Runtime } from '../../domain/runtime.js';
import {
  DeadLetterRepository,
  type DeadLetterCursor,
  type DeadLetterFilter,
} from './dead-letter.repository.js';
import { DeadLetterSums, type DeadLetterTotals } from './dead-letter-totals.js';

/** Dead letters that one step counts: a few milliseconds of work for the store. */
const LETTERS_PER_STEP = 2000;
/** A count that took longer is kept for a while, so that dashboards that ask often do not keep the store busy. */
const MIN_KEPT_COUNT_MS = 200;
/** A count is kept for this many times its duration. */
const KEPT_PER_DURATION = 10;
const MAX_KEPT_COUNTS = 100;

interface KeptCount {
  readonly totals: Promise<DeadLetterTotals>;
  /** Monotonic time in ms; infinite while the count is running. */
  until: number;
}

/** Counts dead letters exactly, in steps between which other requests are served. */
@Injectable()
export class DeadLetterCounter {
  private readonly kept = new Map<string, KeptCount>();

  constructor(
    private readonly deadLetters: DeadLetterRepository,
    private readonly runtime: Runtime,
  ) {}

  /**
   * Counts what matches. Equal requests share a count that is running. A count that took long is returned again for ten
   * times as long as it took.
   * @throws StoreUnavailableError
   */
  count(filter: DeadLetterFilter): Promise<DeadLetterTotals> {
    const key = JSON.stringify(filter);
    const known = this.kept.get(key);
    if (known !== undefined && known.until > this.runtime.monotonicMs()) {
      return known.totals;
    }
    this.forgetOld();
    const count: KeptCount = { totals: this.countAll(filter), until: Infinity };
    this.kept.set(key, count);
    void this.keep(key, count);
    return count.totals;
  }

  /** Counts what matches now. */
  async countAll(filter: DeadLetterFilter): Promise<DeadLetterTotals> {
    const sums = new DeadLetterSums();
    let before: DeadLetterCursor | null = null;
    do {
      const step = await this.deadLetters.tally(filter, before, LETTERS_PER_STEP);
      sums.add(step.tallies);
      before = step.next;
      await this.runtime.nextTurn();
    } while (before !== null);
    return sums.totals();
  }

  private async keep(key: string, count: KeptCount): Promise<void> {
    const startedAt = this.runtime.monotonicMs();
    try {
      await count.totals;
      const durationMs = this.runtime.monotonicMs() - startedAt;
      if (durationMs >= MIN_KEPT_COUNT_MS) {
        count.until = this.runtime.monotonicMs() + durationMs * KEPT_PER_DURATION;
        return;
      }
    } catch {
      // Its caller gets the error.
    }
    if (this.kept.get(key) === count) {
      this.kept.delete(key);
    }
  }

  private forgetOld(): void {
    const now = this.runtime.monotonicMs();
    for (const [key, { until }] of this.kept) {
      if (until <= now || this.kept.size >= MAX_KEPT_COUNTS) {
        this.kept.delete(key);
      }
    }
  }
}
