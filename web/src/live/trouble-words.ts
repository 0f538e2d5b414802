import { formatTime } from '../ui/format.js';
import type { Trouble, Unreachable } from './reachability.js';

const NAMES: Readonly<Record<Unreachable, string>> = {
  service: 'the service',
  stopping: 'the service',
  store: 'the store',
};

/** The part that does not answer, to stand within a sentence. */
export function partName({ part }: Trouble): string {
  return NAMES[part];
}

/** One sentence: which part does not answer, and since when. */
export function describeTrouble(trouble: Trouble): string {
  const since = formatTime(new Date(trouble.sinceMs).toISOString());
  return trouble.part === 'stopping'
    ? `The service has been stopping since ${since}.`
    : `${trouble.part === 'store' ? 'The store' : 'The service'} does not answer since ${since}, retrying.`;
}

/** The time of the data that is shown; null if there is none. */
export function shownTime({ lastGoodMs }: Trouble): string | null {
  return lastGoodMs === null ? null : formatTime(new Date(lastGoodMs).toISOString());
}
