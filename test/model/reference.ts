import type { Priority } from '../../src/domain/priority.js';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import type { QuietTimes } from './quiet-times.js';
import type { NewList, Shop } from './steps.js';
import type { ClaimTerms } from '../support/claims.js';

export const LANES = [DEFAULT_LANE, 'crm'] as const;

const RANKS: Readonly<Record<Priority, number>> = { HIGH: 0, MEDIUM: 1, LOW: 2 };

/** An accepted list. */
export interface List {
  /** Its place in the order of acceptance; a scheduled list gets a new one when it falls due. */
  seq: number;
  /** The `seq` at its acceptance. */
  readonly listedSeq: number;
  readonly ingestionId: string;
  readonly lane: string;
  readonly client: string;
  readonly shop: Shop | null;
  priority: Priority;
  readonly createdMs: number;
  /** The time since which it is in the queue. */
  acceptedMs: number;
  /** The time at which it falls due; null if it is not scheduled. */
  dueMs: number | null;
  readonly expiresMs: number | null;
  readonly items: Item[];
  batches: number;
  finishedMs: number | null;
  isCancelled: boolean;
  cancelReason: 'expired' | null;
}

/** One id with its whole state. */
export interface Item {
  readonly list: List;
  readonly position: number;
  readonly id: bigint;
  state: 'new' | 'waiting' | 'in flight' | 'completed' | 'failed' | 'dropped';
  /** The due time of a pending retry. */
  dueMs: number;
  failures: number;
  /** True if its next call repeats a call whose outcome is unknown. */
  keepsKey: boolean;
  batch: number | null;
  /** The kind of error of each attempt that did not succeed. */
  readonly attempts: string[];
}

export interface InFlight {
  readonly items: readonly Item[];
  leaseEndsMs: number;
}

/** The state of one lane. */
export class Gate {
  /** The send time of each call. */
  readonly startsMs: number[] = [];
  /** The time from which the delay to the next start counts. */
  slotMs = -Infinity;
  /** The value of `slotMs` that the store keeps for the next process. */
  keptSlotMs = -Infinity;
  heldUntilMs = -Infinity;
  isPaused = false;
  /** True if the process has read the slot since its start. */
  isKnown = false;
  /** The client served last, by priority. */
  readonly served = new Map<Priority, string>();
}

/**
 * A simple model of the queue: every id is an object, and every question scans all of them. It has no
 * cursors, chunks or indexes, and shares no code with the real queue.
 */
export class Reference {
  nowMs = 0;
  /** The lists, in order of acceptance. */
  readonly lists: List[] = [];
  /** The failed ids, in order of failure. */
  readonly deadLetters: Item[] = [];
  /** The dead letters that were discarded. */
  readonly discarded: Item[] = [];
  readonly inFlight = new Map<number, InFlight>();
  readonly gates: ReadonlyMap<string, Gate> = new Map(LANES.map((lane) => [lane, new Gate()]));
  private accepted = 0;

  constructor(
    private readonly terms: Omit<ClaimTerms, 'lane' | 'fill'>,
    private readonly quietTimes: QuietTimes | null,
  ) {}

  get items(): Item[] {
    return this.lists.flatMap(({ items }) => items);
  }

  accept(
    ingestionId: string,
    { lane, client, priority, shop, dueInMs, expiresInMs }: Omit<NewList, 'size' | 'key'>,
    ids: readonly bigint[],
  ): void {
    const items: Item[] = [];
    const { nowMs } = this;
    const seq = this.nextSeq();
    const list = {
      seq,
      listedSeq: seq,
      ingestionId,
      lane,
      client: client ?? '',
      shop,
      priority,
      createdMs: nowMs,
      acceptedMs: nowMs,
      dueMs: dueInMs === null ? null : nowMs + dueInMs,
      expiresMs: expiresInMs === null ? null : nowMs + expiresInMs,
      items,
      batches: 0,
      finishedMs: null,
      isCancelled: false,
      cancelReason: null,
    };
    this.lists.push(list);
    for (const [position, id] of ids.entries()) {
      const times = { state: 'new', dueMs: 0, failures: 0, keepsKey: false } as const;
      items.push({ list, position, id, ...times, batch: null, attempts: [] });
    }
  }

  nextSeq(): number {
    return this.accepted++;
  }

  rankOf({ priority }: Pick<List, 'priority'>): number {
    return RANKS[priority];
  }

  /** Returns the time until the quiet hours end; zero or less outside of them. */
  quietForMs(): number {
    return this.quietTimes?.leftMs(this.nowMs) ?? 0;
  }

  /** Returns true if a claim of the lane reads its queue: it knows of nothing that keeps the slot closed. */
  readsQueue(lane: string): boolean {
    return this.quietForMs() <= 0 && (this.opensInMs(lane) <= 0 || !this.gateOf(lane).isKnown);
  }

  /** Records that the process has read the slot. */
  slotRead(lane: string): void {
    this.gateOf(lane).isKnown = true;
  }

  /** Returns the time until a dispatch of the lane may start; zero or less if it may start now. */
  opensInMs(lane: string): number {
    return this.gateOf(lane).slotMs + this.terms.delayMs - this.nowMs;
  }

  /** Returns the remaining hold that the lane's upstream asked for; zero or less if there is none. */
  heldForMs(lane: string): number {
    return this.gateOf(lane).heldUntilMs - this.nowMs;
  }

  hold(lane: string, forMs: number): void {
    const gate = this.gateOf(lane);
    gate.heldUntilMs = Math.max(gate.heldUntilMs, this.nowMs + forMs);
  }

  isPaused(lane: string): boolean {
    return this.gateOf(lane).isPaused;
  }

  setPaused(lane: string, isPaused: boolean): void {
    this.gateOf(lane).isPaused = isPaused;
  }

  /** Returns the ids of the lane's next dispatch, in order. */
  next(lane: string, batchSize: number): Item[] {
    return this.terms.fairShare === true
      ? gather(this.take(lane, batchSize).items)
      : this.sendable(lane).slice(0, batchSize);
  }

  /** Takes ids one by one: due retries and, by priority, the first id of the client whose turn it is. */
  private take(lane: string, batchSize: number): { items: Item[]; served: Map<Priority, string> } {
    const served = new Map(this.gateOf(lane).served);
    const left = this.sendable(lane);
    const items: Item[] = [];
    while (items.length < batchSize) {
      const onTurn = (['HIGH', 'MEDIUM', 'LOW'] as const).flatMap((priority) => {
        const fresh = left.filter(({ state, list }) => state === 'new' && list.priority === priority);
        const clients = [...new Set(fresh.map(({ list }) => list.client))].sort();
        const last = served.get(priority) ?? '';
        const client = clients.find((name) => name > last) ?? clients[0];
        return fresh
          .filter(({ list }) => list.client === client)
          .sort(byAcceptance)
          .slice(0, 1);
      });
      const again = left.filter(({ state }) => state === 'waiting');
      const [next] = [...onTurn, ...again].sort((a, b) => this.compare(a, b));
      if (next === undefined) {
        break;
      }
      if (next.state === 'new') {
        served.set(next.list.priority, next.list.client);
      }
      left.splice(left.indexOf(next), 1);
      items.push(next);
    }
    return { items, served };
  }

  private sendable(lane: string): Item[] {
    return this.itemsOf(lane)
      .filter(
        ({ state, dueMs, list }) =>
          (state === 'new' && list.dueMs === null) || (state === 'waiting' && dueMs <= this.nowMs),
      )
      .sort((a, b) => this.compare(a, b));
  }

  /** Returns the time until the next retry is due; null if no retry is pending. */
  nextDueInMs(lane: string): number | null {
    const dues = this.itemsOf(lane)
      .filter(({ state }) => state === 'waiting')
      .map(({ dueMs }) => dueMs);
    return dues.length === 0 ? null : Math.min(...dues) - this.nowMs;
  }

  begin(lane: string, dispatchNo: number, items: readonly Item[]): void {
    if (this.terms.fairShare === true) {
      for (const [priority, client] of this.take(lane, items.length).served) {
        this.gateOf(lane).served.set(priority, client);
      }
    }
    const fresh = items.filter(({ state }) => state === 'new');
    for (const list of new Set(fresh.map((item) => item.list))) {
      for (const item of fresh.filter((each) => each.list === list)) {
        item.batch = list.batches;
      }
      list.batches += 1;
    }
    for (const item of items) {
      item.state = 'in flight';
    }
    this.inFlight.set(dispatchNo, { items, leaseEndsMs: this.nowMs + this.terms.leaseMs });
    const gate = this.gateOf(lane);
    gate.slotMs = this.nowMs;
    gate.keptSlotMs = this.nowMs;
  }

  /**
   * Records that the call of the lane's last dispatch is sent now. The store keeps the time if the margin
   * does not cover it.
   */
  callLeft(lane: string, marginMs: number): void {
    const gate = this.gateOf(lane);
    gate.startsMs.push(this.nowMs);
    gate.slotMs = this.nowMs;
    if (this.nowMs > gate.keptSlotMs + marginMs) {
      gate.keptSlotMs = this.nowMs;
    }
  }

  complete(item: Item): void {
    item.state = 'completed';
    this.noteEnd(item.list);
  }

  fail(item: Item): void {
    item.state = 'failed';
    item.failures += 1;
    item.attempts.push('rejected');
    this.deadLetters.push(item);
    this.noteEnd(item.list);
  }

  retry(item: Item, delayMs: number): void {
    item.failures += 1;
    item.attempts.push('upstream');
    item.keepsKey = false;
    this.wait(item, delayMs);
  }

  /** Returns the id to the queue without counting an attempt. */
  postpone(item: Item): void {
    this.wait(item, 0);
  }

  /** Returns the id to the queue with a lapsed attempt that does not count as a failure. */
  giveBack(item: Item): void {
    item.attempts.push('lapsed');
    item.keepsKey = true;
    this.wait(item, 0);
  }

  redrive(items: readonly Item[]): void {
    for (const item of items) {
      this.deadLetters.splice(this.deadLetters.indexOf(item), 1);
      item.failures = 0;
      item.keepsKey = false;
      item.list.finishedMs = null;
      this.wait(item, 0);
    }
  }

  /** Returns true if the list's dead letters may be sent again. */
  mayRedrive({ isCancelled, expiresMs }: List): boolean {
    return !isCancelled && (expiresMs === null || expiresMs > this.nowMs);
  }

  discard(items: readonly Item[]): void {
    for (const item of items) {
      this.deadLetters.splice(this.deadLetters.indexOf(item), 1);
      this.discarded.push(item);
    }
  }

  /** Cancels the list; ids in flight still end. Returns false if the whole list had ended before. */
  cancel(list: List): boolean {
    if (list.finishedMs !== null && !list.isCancelled) {
      return false;
    }
    list.isCancelled = true;
    list.dueMs = null;
    for (const item of list.items.filter(({ state }) => state === 'new' || state === 'waiting')) {
      item.state = 'dropped';
    }
    this.noteEnd(list);
    return true;
  }

  /** Changes the priority; returns false if nothing of the list can be sent any more. */
  reprioritise(list: List, priority: Priority): boolean {
    if (list.finishedMs !== null || list.isCancelled) {
      return false;
    }
    list.priority = priority;
    return true;
  }

  /** Counts the ids ahead of the list's first ids never sent, as if all retries were due. */
  idsAhead(list: List): number {
    const rank = RANKS[list.priority];
    return this.itemsOf(list.lane).filter(({ state, list: other }) => {
      const otherRank = RANKS[other.priority];
      return (
        (state === 'waiting' && otherRank <= rank) ||
        (state === 'new' &&
          other.dueMs === null &&
          (otherRank < rank || (otherRank === rank && other.seq < list.seq)))
      );
    }).length;
  }

  /** Removes and returns the lists that ended at least `ageMs` ago. */
  forget(ageMs: number): List[] {
    const over = this.lists.filter(
      ({ finishedMs }) => finishedMs !== null && finishedMs <= this.nowMs - ageMs,
    );
    for (const list of over) {
      this.lists.splice(this.lists.indexOf(list), 1);
      for (const letter of this.deadLetters.filter((item) => item.list === list)) {
        this.deadLetters.splice(this.deadLetters.indexOf(letter), 1);
      }
    }
    return over;
  }

  /** Models a kill: the next process does not know exactly when the last call started. */
  restart(marginMs: number, areLeasesOver: boolean): void {
    for (const gate of this.gates.values()) {
      gate.isKnown = false;
      gate.slotMs = Math.min(gate.keptSlotMs + marginMs, this.nowMs);
    }
    if (areLeasesOver) {
      for (const flight of this.inFlight.values()) {
        flight.leaseEndsMs = this.nowMs;
      }
    }
  }

  itemsOf(lane: string): Item[] {
    return this.items.filter(({ list }) => list.lane === lane);
  }

  private gateOf(lane: string): Gate {
    const gate = this.gates.get(lane);
    if (gate === undefined) {
      throw new Error(`no lane ${lane}`);
    }
    return gate;
  }

  private wait(item: Item, delayMs: number): void {
    if (item.list.isCancelled) {
      item.state = 'dropped';
      this.noteEnd(item.list);
      return;
    }
    item.state = 'waiting';
    item.dueMs = this.nowMs + delayMs;
  }

  private noteEnd(list: List): void {
    if (list.items.every(({ state }) => ['completed', 'failed', 'dropped'].includes(state))) {
      list.finishedMs ??= this.nowMs;
    }
  }

  private compare(a: Item, b: Item): number {
    const [isRetryA, isRetryB] = [a.state === 'waiting', b.state === 'waiting'];
    return (
      this.agedRank(a) - this.agedRank(b) ||
      Number(isRetryB) - Number(isRetryA) ||
      (isRetryA ? a.dueMs - b.dueMs : 0) ||
      a.list.seq - b.list.seq ||
      a.position - b.position
    );
  }

  private agedRank(item: Item): number {
    const { agingMs } = this.terms;
    const waitedMs = this.nowMs - (item.state === 'new' ? item.list.acceptedMs : item.dueMs);
    let rank = RANKS[item.list.priority];
    for (let step = 1; agingMs !== null && rank > 0 && waitedMs >= step * agingMs; step++) {
      rank -= 1;
    }
    return rank;
  }
}

function byAcceptance(a: Item, b: Item): number {
  return a.list.seq - b.list.seq || a.position - b.position;
}

/** Moves a list's ids that are sent for the first time together, to the place of the first of them. */
function gather(items: readonly Item[]): Item[] {
  return items.flatMap((item) => {
    const isTogether = (other: Item): boolean =>
      other === item || (item.state === 'new' && other.state === 'new' && other.list === item.list);
    return items.find(isTogether) === item ? items.filter(isTogether) : [];
  });
}
