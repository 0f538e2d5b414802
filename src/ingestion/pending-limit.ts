import { DomainError } from '../domain/domain-error.js';
import type { LaneWorker } from '../scheduler/dispatch/lane-worker.js';
import { lanePaceMs } from './estimate/lane-interval.js';

/** How many ids of a client wait, and how many may. */
export interface WaitingCap {
  readonly cap: number;
  readonly waiting: number;
}

/** With this list more ids of its client would wait than may. Becomes 429. */
export class WaitingCapError extends DomainError {
  override readonly kind = 'rate_limited';
  override readonly name = 'WaitingCapError';

  constructor({ cap, waiting }: WaitingCap, ids: number, retryAfterSeconds: number) {
    super(
      `${String(waiting)} ids of this client wait, at most ${String(cap)} may: there is no room for ${String(ids)} more`,
      { retryAfterSeconds },
    );
  }
}

/** Even if nothing waited there would be no room for this list. Becomes 413. */
export class BeyondWaitingCapError extends DomainError {
  override readonly kind = 'too_large';
  override readonly name = 'BeyondWaitingCapError';

  constructor(cap: number, ids: number) {
    super(`the list holds ${String(ids)} ids, and no more than ${String(cap)} of a client may wait`);
  }
}

/** Why a list of so many ids is not accepted; after that time there may be room, if none but this client's ids wait. */
export function refusalOf(
  { cap, waiting }: WaitingCap,
  ids: number,
  gate: Pick<LaneWorker, 'options' | 'callStatistics' | 'paceStatistics'>,
): WaitingCapError | BeyondWaitingCapError {
  if (ids > cap) {
    return new BeyondWaitingCapError(cap, ids);
  }
  const dispatches = Math.ceil((waiting + ids - cap) / gate.options.batchSize);
  const seconds = Math.ceil((dispatches * (lanePaceMs(gate) ?? 0)) / 1000);
  return new WaitingCapError({ cap, waiting }, ids, Math.max(1, seconds));
}
