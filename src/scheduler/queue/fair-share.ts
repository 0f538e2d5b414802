import type { PriorityRank } from '../../domain/priority.js';
import type { Candidate, Selection } from './dispatch-order.js';

/** Ids of a client. */
export interface ClientCandidate extends Candidate {
  /** Null of ids accepted while nobody was asked, who count as one client. */
  readonly client: string | null;
}

/**
 * The lists of clients in turn, one id at a time: from the first client on, again and again, each with its own lists in
 * their order. A client is asked for no more lists than its turns need, and no more clients are asked for than have one.
 */
export function* roundRobin<C extends Candidate>(clients: Iterable<Iterable<C>>): Generator<C, undefined> {
  let waiting: Iterator<C>[] = [];
  for (const lists of clients) {
    const ids = splitIntoIds(lists);
    yield* takeTurn(ids, waiting);
  }
  while (waiting.length > 0) {
    const round = waiting;
    waiting = [];
    for (const ids of round) {
      yield* takeTurn(ids, waiting);
    }
  }
  return undefined;
}

/** What has had its turn waits for the next one. */
function* takeTurn<C>(ids: Iterator<C>, waiting: Iterator<C>[]): Generator<C> {
  const next = ids.next();
  if (next.done !== true) {
    yield next.value;
    waiting.push(ids);
  }
}

function* splitIntoIds<C extends Candidate>(lists: Iterable<C>): Generator<C, undefined> {
  for (const list of lists) {
    for (let i = 0; i < list.size; i++) {
      yield { ...list, first: list.first + i, size: 1 };
    }
  }
  return undefined;
}

/** The ids of a list that were never sent make one batch in a dispatch, wherever their turns were. */
export function mergeByIngestion<C extends Candidate>(taken: readonly Selection<C>[]): Selection<C>[] {
  const parts = new Map<number | Selection<C>, Selection<C>>();
  for (const each of taken) {
    const key = each.candidate.isRetry ? each : each.candidate.seq;
    const { candidate, size } = parts.get(key) ?? { candidate: each.candidate, size: 0 };
    parts.set(key, { candidate, size: size + each.size });
  }
  return [...parts.values()];
}

/** Of each rank the name of the client whose turn was the last; undefined where none had one. */
export function lastServed<C extends ClientCandidate>(
  taken: readonly Selection<C>[],
): Readonly<Partial<Record<PriorityRank, string>>> {
  const fresh = taken.filter(({ candidate }) => !candidate.isRetry);
  return Object.fromEntries(fresh.map(({ candidate: { rank, client } }) => [rank, client ?? '']));
}
