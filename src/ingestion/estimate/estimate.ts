/** The input of an estimate. */
export interface EstimateInput {
  readonly nowMs: number;
  /** Time until the next dispatch may start. */
  readonly slotOpensInMs: number;
  readonly batchSize: number;
  /** Current time between two dispatches, see {@link toIntervalMs}. */
  readonly intervalMs: number;
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
 * as many positions in the queue as it recently took attempts.
 */
export function estimate(estimateInput: EstimateInput): Estimate {
  const { nowMs, slotOpensInMs, batchSize, intervalMs, callMs, idsAhead, unsentIds, inFlightIds } =
    estimateInput;
  const attempts = 1 / (1 - Math.min(estimateInput.retryShare, MAX_RETRY_ROUNDS));
  if (unsentIds === 0) {
    const endsAtMs = estimateInput.changedAtMs + callMs * attempts;
    return { startAtMs: null, completionAtMs: inFlightIds === 0 || endsAtMs < nowMs ? null : endsAtMs };
  }
  const waitMs = (place: number): number => slotOpensInMs + Math.floor(place / batchSize) * intervalMs;
  const places = idsAhead * attempts;
  return {
    startAtMs: nowMs + waitMs(places),
    completionAtMs: nowMs + waitMs(Math.ceil(places + unsentIds * attempts) - 1) + callMs,
  };
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
