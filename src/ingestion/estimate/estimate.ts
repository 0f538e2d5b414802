/** What an estimate is made of. */
export interface EstimateInput {
  readonly nowMs: number;
  /** Until the next dispatch may begin. */
  readonly slotOpensInMs: number;
  readonly batchSize: number;
  /** Between two dispatches as they go now, see {@link toIntervalMs}. */
  readonly intervalMs: number;
  /** Lately, from the begin of a call to its outcome. */
  readonly callMs: number;
  /** Lately, the share of ids that had to be sent again. */
  readonly retryShare: number;
  /** Ids that go before the first of its own. */
  readonly idsAhead: number;
  /** Of its own, never sent. */
  readonly unsentIds: number;
  /** Of its own, sent and without an outcome. */
  readonly inFlightIds: number;
  /** When anything of it changed last: where all is under way, when its last call began, or a little later. */
  readonly changedAtMs: number;
}

export interface Estimate {
  /** Of its next id that was never sent; null where there is none. */
  readonly startAtMs: number | null;
  /** When its last id will have its outcome; null where every id has one, or the last call takes longer than usual. */
  readonly completionAtMs: number | null;
}

/** More than this share of retries is an upstream that fails: nothing can be told from it. */
const MAX_RETRY_ROUNDS = 0.9;

/**
 * When ids would go and end, were nothing more to come and all to go on as it lately did. Each id costs as many places
 * as it lately took attempts.
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
 * Between two dispatches: what was measured, and no less than the delay and what a slow upstream makes of it where no
 * more calls may be under way. Null where there is no delay and nothing was measured.
 */
export function toIntervalMs(terms: {
  readonly delayMs: number;
  readonly maxInFlight: number;
  readonly callMs: number;
  /** Lately between the begins of two dispatches, while ids waited. */
  readonly measuredMs: number | null;
}): number | null {
  const { delayMs, maxInFlight, callMs, measuredMs } = terms;
  return delayMs === 0 ? measuredMs : Math.max(delayMs, callMs / maxInFlight, measuredMs ?? 0);
}
