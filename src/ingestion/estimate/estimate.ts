/**
 * The reasons for which there is no estimate. `paused`: the lane is paused. `upstream_fails`: the breaker of the lane is
 * open. `no_pace`: nothing limits the pace, and none was measured yet. `late_call`: the last call takes longer than usual.
 */
export const UNKNOWN_ESTIMATES = ['paused', 'upstream_fails', 'no_pace', 'late_call'] as const;

export type UnknownEstimate = (typeof UNKNOWN_ESTIMATES)[number];

/** The facts about an ingestion and the recent calls of its lane that an estimate needs. */
export interface EstimateLoad {
  readonly nowMs: number;
  /** Recent average time from the start of an upstream request to its outcome. */
  readonly callMs: number;
  /** Recent share of ids that had to be retried, from 0 to 1. */
  readonly retryShare: number;
  /** Ids that will be sent before the first unsent id of the ingestion. */
  readonly idsAhead: number;
  /** Ids of the ingestion that were never sent. */
  readonly unsentIds: number;
  /** Ids of the ingestion that were sent and have no outcome yet. */
  readonly inFlightIds: number;
  /**
   * Wall time of the last change of the ingestion. If all its ids are in flight, this is the start of its last request
   * or slightly later.
   */
  readonly changedAtMs: number;
}

/** The input of an estimate for a lane with an even pace. */
export interface EstimateInput extends EstimateLoad {
  /** Time until the next dispatch may start. */
  readonly slotOpensInMs: number;
  readonly batchSize: number;
  /** Current time between two dispatches, see {@link toIntervalMs}. */
  readonly intervalMs: number;
}

export interface Estimate {
  /** Wall time at which the next unsent id will be sent; null if there is none. */
  readonly startAtMs: number | null;
  /**
   * Wall time at which the last id will have its outcome. Null if every id has one, or if the last request takes longer
   * than usual.
   */
  readonly completionAtMs: number | null;
}

/** Upper bound for the retry share: above it the upstream is failing, and an estimate has no meaning. */
const MAX_RETRY_ROUNDS = 0.9;

/**
 * Estimates when the ids will be sent and finished, if no other ids arrive and the recent pace continues. Each id takes
 * as many positions in the queue as it recently took attempts. `toOpenTime` adds the hours in which nothing is sent.
 */
export function estimate(
  estimateInput: EstimateInput,
  toOpenTime: (departsAtMs: number) => number = (departsAtMs) => departsAtMs,
): Estimate {
  const { nowMs, slotOpensInMs, batchSize, intervalMs } = estimateInput;
  return estimateFromDepartures(
    estimateInput,
    placesOf(estimateInput).map((place) =>
      toOpenTime(nowMs + slotOpensInMs + Math.floor((place - 1) / batchSize) * intervalMs),
    ),
  );
}

/** Returns the positions in the queue, from 1 on, of the first and of the last unsent id of an ingestion. */
export function placesOf(load: EstimateLoad): readonly [first: number, last: number] {
  const places = load.idsAhead * attemptsOf(load);
  return [Math.floor(places) + 1, Math.max(1, Math.ceil(places + load.unsentIds * attemptsOf(load)))];
}

/** Estimates as {@link estimate}; `departures` are the wall times at which the ids at {@link placesOf} are sent. */
export function estimateFromDepartures(load: EstimateLoad, departures: readonly number[]): Estimate {
  const { nowMs, callMs, unsentIds, inFlightIds, changedAtMs } = load;
  if (unsentIds === 0) {
    const endsAtMs = changedAtMs + callMs * attemptsOf(load);
    return { startAtMs: null, completionAtMs: inFlightIds === 0 || endsAtMs < nowMs ? null : endsAtMs };
  }
  const [startAtMs = nowMs, lastAtMs = startAtMs] = departures;
  return { startAtMs, completionAtMs: lastAtMs + callMs };
}

function attemptsOf({ retryShare }: EstimateLoad): number {
  return 1 / (1 - Math.min(retryShare, MAX_RETRY_ROUNDS));
}

/**
 * Returns the expected time between two dispatches: the measured one, but at least the delay, and at least `callMs /
 * maxInFlight` because a slow upstream limits the pace. Null if there is no delay and nothing was measured.
 */
export function toIntervalMs(terms: {
  readonly delayMs: number;
  readonly maxInFlight: number;
  readonly callMs: number;
  /** Recent time between the starts of two dispatches while ids were pending. */
  readonly measuredMs: number | null;
}): number | null {
  const { delayMs, maxInFlight, callMs, measuredMs } = terms;
  return delayMs === 0 ? measuredMs : Math.max(delayMs, callMs / maxInFlight, measuredMs ?? 0);
}
