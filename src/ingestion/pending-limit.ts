import { DomainError } from '../domain/domain-error.js';
import type { Lane } from '../scheduler/lanes/lane.js';
import { expectedIntervalMs } from './estimate/lane-interval.js';

/** The number of pending ids of a client and its limit. */
export interface PendingLimit {
  readonly limit: number;
  readonly pending: number;
}

/** The ingestion would exceed the limit of pending ids of its client. Becomes 429. */
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

/** The ingestion alone exceeds the limit of pending ids. Becomes 413. */
export class ListExceedsPendingLimitError extends DomainError {
  override readonly kind = 'too_large';
  override readonly name = 'ListExceedsPendingLimitError';

  constructor(cap: number, ids: number) {
    super(`the list holds ${String(ids)} ids, and no more than ${String(cap)} of a client may wait`);
  }
}

/**
 * Builds the error for an ingestion that exceeds the limit. `Retry-After` estimates when there is room, if only this
 * client has pending ids.
 */
export function toPendingLimitError(
  { limit, pending }: PendingLimit,
  ids: number,
  lane: Pick<Lane, 'options' | 'callStatistics' | 'paceStatistics'>,
): PendingLimitExceededError | ListExceedsPendingLimitError {
  if (ids > limit) {
    return new ListExceedsPendingLimitError(limit, ids);
  }
  const dispatches = Math.ceil((pending + ids - limit) / lane.options.batchSize);
  const seconds = Math.ceil((dispatches * (expectedIntervalMs(lane) ?? 0)) / 1000);
  return new PendingLimitExceededError({ limit, pending }, ids, Math.max(1, seconds));
}
