import type { PriorityRank } from '../../domain/priority.js';
import type { Candidate, Selection } from './dispatch-order.js';

/** A candidate with the client that its ids belong to. */
export interface ClientCandidate extends Candidate {
  /** Name of the client; null for ids accepted without authentication, which count as one client. */
  readonly client: string | null;
}

/**
 * Yields the ids of the clients in turns (round robin), one id at a time, starting with the first client; the lists of a
 * client keep their order. It reads no more lists and no more clients than the turns need.
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

/** Yields the next id of a client and puts the client into the next round. */
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

/** Merges the new ids of an ingestion in a dispatch into one batch, also if their turns were not adjacent. */
export function mergeByIngestion<C extends Candidate>(taken: readonly Selection<C>[]): Selection<C>[] {
  const parts = new Map<number | Selection<C>, Selection<C>>();
  for (const each of taken) {
    const key = each.candidate.isRetry ? each : each.candidate.seq;
    const { candidate, size } = parts.get(key) ?? { candidate: each.candidate, size: 0 };
    parts.set(key, { candidate, size: size + each.size });
  }
  return [...parts.values()];
}

/** Returns the name of the client that was served last for each priority rank; undefined if none was. */
export function lastServed<C extends ClientCandidate>(
  taken: readonly Selection<C>[],
): Readonly<Partial<Record<PriorityRank, string>>> {
  const fresh = taken.filter(({ candidate }) => !candidate.isRetry);
  return Object.fromEntries(fresh.map(({ candidate: { rank, client } }) => [rank, client ?? '']));
}
