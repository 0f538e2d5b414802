import type { PriorityRank } from '../../domain/priority.js';

/** Ids that may be sent now and follow each other in the queue: the rest of an ingestion, or one due retry. */
export interface Candidate {
  readonly rank: PriorityRank;
  readonly isRetry: boolean;
  /** Store time when the ingestion was accepted, or when the retry became due. */
  readonly pendingSinceMs: number;
  /** The ingestion's place in the order of acceptance. */
  readonly seq: number;
  /** Position of the first id in its ingestion. */
  readonly first: number;
  readonly size: number;
}

export interface SelectionOptions {
  readonly batchSize: number;
  /** Ids rise by one priority after each such interval of waiting; null keeps the order strict. */
  readonly agingMs: number | null;
  /** Store time. */
  readonly nowMs: number;
}

/** The first `size` ids of a candidate. */
export interface Selection<C extends Candidate> {
  readonly candidate: C;
  readonly size: number;
}

/**
 * The one place that decides the order: merges streams of candidates, each sorted within itself, until the dispatch
 * is full. Between streams: the higher (aged) priority first, within it retries before new ids, then retries by the
 * time they fell due and new ids by acceptance. Reads one candidate ahead of each stream, never more.
 */
export function selectNextIds<C extends Candidate>(
  streams: readonly Iterable<C>[],
  terms: SelectionOptions,
): Selection<C>[] {
  const heads: CandidateCursor<C>[] = [];
  try {
    for (const stream of streams) {
      heads.push(new CandidateCursor(stream[Symbol.iterator]()));
    }
    return mergeInOrder(heads, terms);
  } finally {
    heads.forEach((candidateCursor) => {
      candidateCursor.close();
    });
  }
}

function mergeInOrder<C extends Candidate>(
  heads: readonly CandidateCursor<C>[],
  terms: SelectionOptions,
): Selection<C>[] {
  const taken: Selection<C>[] = [];
  let room = terms.batchSize;
  while (room > 0) {
    const next = firstInOrder(heads, terms);
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

class CandidateCursor<C extends Candidate> {
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

function firstInOrder<C extends Candidate>(
  heads: readonly CandidateCursor<C>[],
  terms: SelectionOptions,
): CandidateCursor<C> | undefined {
  let first: CandidateCursor<C> | undefined;
  for (const candidateCursor of heads) {
    if (candidateCursor.candidate === undefined) {
      continue;
    }
    if (first?.candidate === undefined || compare(candidateCursor.candidate, first.candidate, terms) < 0) {
      first = candidateCursor;
    }
  }
  return first;
}

function compare(a: Candidate, b: Candidate, terms: SelectionOptions): number {
  return (
    agedRank(a, terms) - agedRank(b, terms) ||
    Number(b.isRetry) - Number(a.isRetry) ||
    (a.isRetry ? a.pendingSinceMs - b.pendingSinceMs : 0) ||
    a.seq - b.seq ||
    a.first - b.first
  );
}

function agedRank(candidate: Candidate, { agingMs, nowMs }: SelectionOptions): number {
  if (agingMs === null) {
    return candidate.rank;
  }
  const risen = Math.floor((nowMs - candidate.pendingSinceMs) / agingMs);
  return Math.max(0, candidate.rank - Math.max(0, risen));
}
