import type { Priority } from '../../src/ingestion/priority.js';
import type { ClaimTerms } from '../../src/scheduler/dispatch.store.js';

const RANKS: Readonly<Record<Priority, number>> = { HIGH: 0, MEDIUM: 1, LOW: 2 };

/** One id, and all there is to know of it. */
export interface Item {
  readonly ingestion: number;
  readonly position: number;
  readonly rank: number;
  readonly acceptedMs: number;
  state: 'new' | 'waiting' | 'in flight' | 'completed' | 'failed';
  /** Of an id that waits to be sent again. */
  dueMs: number;
  failures: number;
  batch: number | null;
  /** How often it got an outcome that is final until someone redrives it. */
  endings: number;
}

export interface InFlight {
  readonly items: readonly Item[];
  leaseEndsMs: number;
}

/**
 * The queue as one would explain it: every id an object, every question a look at all of them. It knows nothing of
 * cursors, chunks or indexes, and shares no code with the real one.
 */
export class Reference {
  nowMs = 0;
  readonly items: Item[] = [];
  ingestions = 0;
  readonly deadLetters: Item[] = [];
  readonly inFlight = new Map<number, InFlight>();
  readonly batches = new Map<number, number>();
  readonly startsMs: number[] = [];

  constructor(private readonly terms: ClaimTerms) {}

  accept(priority: Priority, size: number): number {
    const ingestion = this.ingestions++;
    for (let position = 0; position < size; position++) {
      this.items.push({
        ingestion,
        position,
        rank: RANKS[priority],
        acceptedMs: this.nowMs,
        state: 'new',
        dueMs: 0,
        failures: 0,
        batch: null,
        endings: 0,
      });
    }
    return ingestion;
  }

  /** Zero or less when a dispatch may begin. */
  get opensInMs(): number {
    return (this.startsMs.at(-1) ?? -Infinity) + this.terms.delayMs - this.nowMs;
  }

  /** The ids that go next, in their order. */
  next(batchSize: number): Item[] {
    return this.items
      .filter(({ state, dueMs }) => state === 'new' || (state === 'waiting' && dueMs <= this.nowMs))
      .sort((a, b) => this.compare(a, b))
      .slice(0, batchSize);
  }

  /** Null where nothing waits to be sent again. */
  get nextDueInMs(): number | null {
    const dues = this.items.filter(({ state }) => state === 'waiting').map(({ dueMs }) => dueMs);
    return dues.length === 0 ? null : Math.min(...dues) - this.nowMs;
  }

  begin(dispatchNo: number, items: readonly Item[]): void {
    this.startsMs.push(this.nowMs);
    const fresh = items.filter(({ state }) => state === 'new');
    for (const ingestion of new Set(fresh.map((item) => item.ingestion))) {
      const batch = this.batches.get(ingestion) ?? 0;
      this.batches.set(ingestion, batch + 1);
      for (const item of fresh.filter((each) => each.ingestion === ingestion)) {
        item.batch = batch;
      }
    }
    for (const item of items) {
      item.state = 'in flight';
    }
    this.inFlight.set(dispatchNo, { items, leaseEndsMs: this.nowMs + this.terms.leaseMs });
  }

  complete(item: Item): void {
    item.state = 'completed';
    item.endings += 1;
  }

  fail(item: Item): void {
    item.state = 'failed';
    item.failures += 1;
    item.endings += 1;
    this.deadLetters.push(item);
  }

  retry(item: Item, delayMs: number): void {
    item.failures += 1;
    this.wait(item, delayMs);
  }

  /** Back into the queue, with no attempt counted. */
  wait(item: Item, delayMs = 0): void {
    item.state = 'waiting';
    item.dueMs = this.nowMs + delayMs;
  }

  redrive(ingestion: number | null): number {
    const matching = this.deadLetters.filter((item) => ingestion === null || item.ingestion === ingestion);
    for (const item of matching) {
      this.deadLetters.splice(this.deadLetters.indexOf(item), 1);
      item.failures = 0;
      item.endings -= 1;
      this.wait(item);
    }
    return matching.length;
  }

  private compare(a: Item, b: Item): number {
    const [isRetryA, isRetryB] = [a.state === 'waiting', b.state === 'waiting'];
    return (
      this.agedRank(a) - this.agedRank(b) ||
      Number(isRetryB) - Number(isRetryA) ||
      (isRetryA ? a.dueMs - b.dueMs : 0) ||
      a.ingestion - b.ingestion ||
      a.position - b.position
    );
  }

  private agedRank(item: Item): number {
    const { agingMs } = this.terms;
    const sinceMs = item.state === 'new' ? item.acceptedMs : item.dueMs;
    let rank = item.rank;
    for (let waitedMs = this.nowMs - sinceMs; agingMs !== null && waitedMs >= agingMs; waitedMs -= agingMs) {
      rank = Math.max(0, rank - 1);
    }
    return rank;
  }
}
