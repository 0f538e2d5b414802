import { DomainError } from '../domain/domain-error.js';
import type { LaneWorker } from '../scheduler/dispatch/lane-worker.js';
import { expectedIntervalMs } from './estimate/lane-interval.js';

/** How many ids of a client wait, and how many may. */
export interface PendingLimit {
  readonly limit: number;
  readonly pending: number;
}

/** With this list more ids of its client would wait than may. Becomes 429. */
export class PendingLimitExceededError extends DomainError {
  override readonly kind = 'rate_limited';
  override readonly name = 'PendingLimitExceededError';

  constructor({ limit, pending }: PendingLimit, ids: number, retryAfterSeconds: number) {
    super(
      `${String(pending)} ids of this client wait, at most ${String(limit)} may: there is no room for ${String(ids)} more`,
      { retryAfterSeconds },
    );
  }
}

/** Even if nothing waited there would be no room for this list. Becomes 413. */
export class ListExceedsPendingLimitError extends DomainError {
  override readonly kind = 'too_large';
  override readonly name = 'ListExceedsPendingLimitError';

  constructor(cap: number, ids: number) {
    super(`the list holds ${String(ids)} ids, and no more than ${String(cap)} of a client may wait`);
  }
}

/** Why a list of so many ids is not accepted; after that time there may be room, if none but this client's ids wait. */
export function toPendingLimitError(
  { limit, pending }: PendingLimit,
  ids: number,
  gate: Pick<LaneWorker, 'options' | 'callStatistics' | 'paceStatistics'>,
): PendingLimitExceededError | ListExceedsPendingLimitError {
  if (ids > limit) {
    return new ListExceedsPendingLimitError(limit, ids);
  }
  const dispatches = Math.ceil((pending + ids - limit) / gate.options.batchSize);
  const seconds = Math.ceil((dispatches * (expectedIntervalMs(gate) ?? 0)) / 1000);
  return new PendingLimitExceededError({ limit, pending }, ids, Math.max(1, seconds));
}
