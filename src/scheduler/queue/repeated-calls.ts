import type { Candidate, Selection } from './queue.repository.js';

interface RepeatOptions {
  /** Returns true if one dispatch can have all these ids. */
  readonly mayGo: (call: readonly Candidate[]) => boolean;
  /** Store time. */
  readonly nowMs: number;
}

/** Returns the dispatches whose calls the selected ids repeat, each once. */
export function repeatedDispatchIds(selected: readonly Selection[]): string[] {
  return [...new Set(selected.flatMap(({ candidate: { keptKey } }) => keptKey?.dispatchId ?? []))];
}

/**
 * Separates the calls that are repeated from the other selected ids, for an upstream that takes all ids of a dispatch
 * under one key. Each is a list of its own, at the place of the first of its ids, and holds all of them: it has the claim
 * of that id. `repeated` are the pending ids that keep the keys. Ids that cannot go together any more, because one of them
 * was cancelled, say, keep no key and go like other retries.
 */
export function separateRepeatedCalls(
  selected: readonly Selection[],
  repeated: readonly Candidate[],
  options: RepeatOptions,
): Selection[][] {
  const calls = Map.groupBy(repeated, ({ keptKey }) => keptKey?.dispatchId);
  const separated: Selection[][] = [];
  let others: Selection[] | null = null;
  for (const { candidate, size } of selected) {
    const { keptKey, ...withoutKey } = candidate;
    const call = keptKey === undefined ? undefined : calls.get(keptKey.dispatchId);
    if (call === undefined || !isWhole(call, options)) {
      if (others === null) {
        others = [];
        separated.push(others);
      }
      others.push({ candidate: withoutKey, size });
    } else if (call.length > 0) {
      separated.push(call.splice(0).map((each) => ({ candidate: each, size: 1 })));
      others = null;
    }
  }
  return separated;
}

/** Returns true if these are all ids of a call and may go in one dispatch now. */
function isWhole(call: readonly Candidate[], { mayGo, nowMs }: RepeatOptions): boolean {
  return (
    mayGo(call) &&
    call.every(
      ({ keptKey, pendingSinceMs }, place) =>
        keptKey?.size === call.length && keptKey.place === place && pendingSinceMs <= nowMs,
    )
  );
}
