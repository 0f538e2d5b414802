import type { Queue } from '../api/types.js';
import { formatTime } from '../ui/format.js';

interface Facts extends Pick<Queue, 'state' | 'state_since' | 'state_ends_in_seconds'> {
  /** When the service told it; events have it. */
  readonly now?: string;
}

/** The state of a lane in one or two words, to stand behind "is". */
export const LANE_STATE_NAMES: Readonly<Record<Queue['state'], string>> = {
  open: 'open',
  idle: 'open',
  waiting_for_retry: 'open',
  at_capacity: 'open, at capacity',
  paused: 'paused',
  held: 'held by the upstream',
  breaker_open: 'stopped by its breaker',
  breaker_probing: 'stopped by its breaker',
};

/** Nothing is sent, although ids may wait. */
export function isStopped({ state }: Pick<Queue, 'state'>): boolean {
  return state === 'paused' || isUpstreamAway({ state });
}

/** The upstream does not take ids now: nobody knows when the ids that wait are sent. */
export function isUpstreamAway({ state }: Pick<Queue, 'state'>): boolean {
  return state === 'held' || state === 'breaker_open' || state === 'breaker_probing';
}

/** One sentence: why nothing is sent; null where the lane sends, or has nothing to send. */
export function describeLaneState({
  state,
  state_since: since,
  state_ends_in_seconds: endsIn,
  now,
}: Facts): string | null {
  const sinceWords = since === null ? '' : ` since ${formatTime(since)}`;
  const nowMs = now === undefined ? Date.now() : Date.parse(now);
  const endWords = endsIn === null ? '' : ` at ${formatTime(new Date(nowMs + endsIn * 1000).toISOString())}`;
  switch (state) {
    case 'paused':
      return `Paused by an operator${sinceWords}.`;
    case 'held':
      return `The upstream asked to wait (Retry-After); the next call may go${endWords || ' after that'}.`;
    case 'breaker_open':
      return `The upstream fails: breaker open${sinceWords}, next try${endWords || ' soon'}.`;
    case 'breaker_probing':
      return `The upstream fails: breaker open${sinceWords}, one call tries it now.`;
    case 'at_capacity':
      return 'As many calls run as may run at once; the next one begins when one ends.';
    case 'waiting_for_retry':
      return 'All ids that wait are retries that are not due yet.';
    case 'idle':
    case 'open':
      return null;
  }
}
