import type { PriorityRank } from '../../domain/priority.js';

/** Ids that may be sent now and stand together in the queue: the rest of an ingestion, or one id due again. */
export interface Candidate {
  readonly rank: PriorityRank;
  readonly isRetry: boolean;
  /** Store time: when the ingestion was accepted, or when the retry fell due. */
  readonly waitingSinceMs: number;
  /** The ingestion's place in the order of acceptance. */
  readonly seq: number;
  /** The first of the ids, as its position in the ingestion. */
  readonly first: number;
  readonly size: number;
}

export interface FillTerms {
  readonly batchSize: number;
  /** An ingestion rises one priority after each such interval waited; null keeps the order strict. */
  readonly agingMs: number | null;
  /** Store time. */
  readonly nowMs: number;
}

/** The first `size` ids of a candidate. */
export interface Taken<C extends Candidate> {
  readonly candidate: C;
  readonly size: number;
}

/**
 * The one place that decides the order: merges streams of candidates, each sorted within itself, until the dispatch
 * is full. Between streams: the higher (aged) priority first, within it retries before new ids, then retries by the
 * time they fell due and new ids by acceptance. Reads one candidate ahead of each stream, never more.
 */
export function fillDispatch<C extends Candidate>(
  streams: readonly Iterable<C>[],
  terms: FillTerms,
): Taken<C>[] {
  const heads: Head<C>[] = [];
  try {
    for (const stream of streams) {
      heads.push(new Head(stream[Symbol.iterator]()));
    }
    return takeInOrder(heads, terms);
  } finally {
    heads.forEach((head) => {
      head.close();
    });
  }
}

function takeInOrder<C extends Candidate>(heads: readonly Head<C>[], terms: FillTerms): Taken<C>[] {
  const taken: Taken<C>[] = [];
  let room = terms.batchSize;
  while (room > 0) {
    const next = firstOf(heads, terms);
    if (next?.candidate === undefined) {
      break;
    }
    const size = Math.min(room, next.candidate.size);
    taken.push({ candidate: next.candidate, size });
    room -= size;
    next.advance();
  }
  return taken;
}

class Head<C extends Candidate> {
  candidate: C | undefined;

  constructor(private readonly iterator: Iterator<C>) {
    this.advance();
  }

  advance(): void {
    const next = this.iterator.next();
    this.candidate = next.done === true ? undefined : next.value;
  }

  close(): void {
    this.iterator.return?.();
  }
}

function firstOf<C extends Candidate>(heads: readonly Head<C>[], terms: FillTerms): Head<C> | undefined {
  let first: Head<C> | undefined;
  for (const head of heads) {
    if (head.candidate === undefined) {
      continue;
    }
    if (first?.candidate === undefined || compare(head.candidate, first.candidate, terms) < 0) {
      first = head;
    }
  }
  return first;
}

function compare(a: Candidate, b: Candidate, terms: FillTerms): number {
  return (
    agedRank(a, terms) - agedRank(b, terms) ||
    Number(b.isRetry) - Number(a.isRetry) ||
    (a.isRetry ? a.waitingSinceMs - b.waitingSinceMs : 0) ||
    a.seq - b.seq ||
    a.first - b.first
  );
}

function agedRank(candidate: Candidate, { agingMs, nowMs }: FillTerms): number {
  if (agingMs === null) {
    return candidate.rank;
  }
  const risen = Math.floor((nowMs - candidate.waitingSinceMs) / agingMs);
  return Math.max(0, candidate.rank - Math.max(0, risen));
}
