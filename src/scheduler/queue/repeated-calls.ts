import { everAdmits } from '../rules/admit.js';
import { sizeOf } from '../rules/id-run.js';
import type { LaneRules } from '../rules/lane-rules.js';
import { firstIds, splitIntoDispatches, toRun, toRuns } from './choose-dispatches.js';
import type { Candidate, Selection } from './queue.repository.js';

interface RepeatOptions {
  /** Returns true if one dispatch can have all these ids. */
  readonly mayGo: (call: readonly Candidate[]) => boolean;
  /** Store time. */
  readonly nowMs: number;
}

/** The terms of a claim of calls that are repeated. */
export interface RepeatTerms {
  readonly batchSize: number;
  readonly maxDispatches: number;
  /** The rules of the lane; null if it has none. */
  readonly rules: LaneRules | null;
  /** Store time. */
  readonly nowMs: number;
}

/**
 * Groups selected ids by the dispatches that they may share, as many as may be claimed; `repeated` are the pending ids that
 * keep the keys of the selected ones.
 */
export function groupByCalls(
  selected: readonly Selection[],
  repeated: readonly Candidate[],
  { batchSize, maxDispatches, rules, nowMs }: RepeatTerms,
): readonly (readonly Selection[])[] {
  const mayGo = (call: readonly Candidate[]): boolean =>
    call.length <= batchSize && (rules === null || everAdmits(rules, call.map(toRun)));
  const separated = separateRepeatedCalls(selected, repeated, { mayGo, nowMs });
  const dispatches = splitIntoDispatches(separated, batchSize).slice(0, maxDispatches);
  return firstIds(separated, sizeOf(dispatches.flatMap(toRuns)));
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
function separateRepeatedCalls(
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
