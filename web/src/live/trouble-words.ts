import { formatTime } from '../ui/format.js';
import type { Trouble, Unreachable } from './reachability.js';

const NAMES: Readonly<Record<Unreachable, string>> = {
  service: 'the service',
  stopping: 'the service',
  store: 'the store',
};

/** Returns the name of the part that does not answer, for use within a sentence. */
export function partName({ part }: Trouble): string {
  return NAMES[part];
}

/** Returns one sentence: the part that does not answer, and the start of the outage. */
export function describeTrouble(trouble: Trouble): string {
  const since = formatTime(new Date(trouble.sinceMs).toISOString());
  return trouble.part === 'stopping'
    ? `The service has been stopping since ${since}.`
    : `${trouble.part === 'store' ? 'The store' : 'The service'} does not answer since ${since}, retrying.`;
}

/** Returns the time of the data on the page, that of the last successful probe; null if none succeeded. */
export function shownTime({ lastGoodMs }: Trouble): string | null {
  return lastGoodMs === null ? null : formatTime(new Date(lastGoodMs).toISOString());
}
