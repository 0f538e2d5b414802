import type { Candidate, Selection } from './queue.repository.js';

export interface SelectionOptions {
  /** The most ids that are selected. */
  readonly maxIds: number;
  /** After this number of candidates only the dispatch that is begun is filled, up to `batchSize` ids; absent for no limit. */
  readonly cutoff?: { readonly candidates: number; readonly batchSize: number };
  /** Ids rise by one priority after each such interval of waiting; null keeps the order strict. */
  readonly agingMs: number | null;
  /** Store time. */
  readonly nowMs: number;
  /**
   * Returns true if a candidate may not go now, because what is left is reserved for other priorities. All ids of its
   * priority are passed over then.
   */
  readonly isReserved?: (candidate: Candidate) => boolean;
}

/**
 * The one place that decides the order: merges streams of candidates, each sorted within itself, until
 * the limit is reached. Between streams: the higher (aged) priority first, within it retries before new ids, then retries by the
 * time they fell due and new ids by acceptance. Reads one candidate ahead of each stream, never more.
 */
export function selectNextIds(streams: readonly Iterable<Candidate>[], terms: SelectionOptions): Selection[] {
  const heads: CandidateCursor[] = [];
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

function mergeInOrder(heads: readonly CandidateCursor[], terms: SelectionOptions): Selection[] {
  const { cutoff } = terms;
  const taken: Selection[] = [];
  let room = terms.maxIds;
  while (room > 0) {
    const next = firstInOrder(heads, terms);
    if (next?.candidate === undefined) {
      break;
    }
    if (terms.isReserved?.(next.candidate) === true) {
      const { rank } = next.candidate;
      for (const head of heads.filter(({ candidate }) => candidate?.rank === rank)) {
        head.end();
      }
      continue;
    }
    const size = Math.min(room, next.candidate.size);
    taken.push({ candidate: next.candidate, size });
    room -= size;
    if (taken.length === cutoff?.candidates) {
      const begun = (terms.maxIds - room) % cutoff.batchSize;
      room = begun === 0 ? 0 : Math.min(room, cutoff.batchSize - begun);
    }
    next.advance();
  }
  return taken;
}

class CandidateCursor {
  candidate: Candidate | undefined;

  constructor(private readonly iterator: Iterator<Candidate>) {
    this.advance();
  }

  advance(): void {
    const next = this.iterator.next();
    this.candidate = next.done === true ? undefined : next.value;
  }

  /** Offers nothing more. */
  end(): void {
    this.candidate = undefined;
  }

  close(): void {
    this.iterator.return?.();
  }
}

function firstInOrder(
  heads: readonly CandidateCursor[],
  terms: SelectionOptions,
): CandidateCursor | undefined {
  let first: CandidateCursor | undefined;
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
