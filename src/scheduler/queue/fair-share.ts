import type { Candidate, LastServed, Selection } from './queue.repository.js';

/**
 * Yields the ids of the clients in turns (round robin), one id at a time, starting with the first client; the lists of a
 * client keep their order. It reads no more lists and no more clients than the turns need.
 */
export function* roundRobin(clients: Iterable<Iterable<Candidate>>): Generator<Candidate, undefined> {
  let waiting: Iterator<Candidate>[] = [];
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
function* takeTurn(ids: Iterator<Candidate>, waiting: Iterator<Candidate>[]): Generator<Candidate> {
  const next = ids.next();
  if (next.done !== true) {
    yield next.value;
    waiting.push(ids);
  }
}

function* splitIntoIds(lists: Iterable<Candidate>): Generator<Candidate, undefined> {
  for (const list of lists) {
    for (let i = 0; i < list.size; i++) {
      yield { ...list, first: list.first + i, size: 1 };
    }
  }
  return undefined;
}

/** Merges the new ids of an ingestion in a dispatch into one batch, also if their turns were not adjacent. */
export function mergeByIngestion(taken: readonly Selection[]): Selection[] {
  const parts = new Map<number | Selection, Selection>();
  for (const each of taken) {
    const key = each.candidate.isRetry ? each : each.candidate.seq;
    const { candidate, size } = parts.get(key) ?? { candidate: each.candidate, size: 0 };
    parts.set(key, { candidate, size: size + each.size });
  }
  return [...parts.values()];
}

/** Returns the name of the client that was served last for each priority rank; undefined if none was. */
export function lastServed(taken: readonly Selection[]): LastServed {
  const fresh = taken.filter(({ candidate }) => !candidate.isRetry);
  return Object.fromEntries(fresh.map(({ candidate: { rank, client } }) => [rank, client ?? '']));
}
