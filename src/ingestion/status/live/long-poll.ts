import { filter, firstValueFrom, merge, takeUntil, timer, type Observable } from 'rxjs';
import { isTerminal } from '../../../domain/ingestion-version.js';
import type { IngestionRecord } from '../../../domain/ingestion.js';

export const MAX_WAIT_SECONDS = 60;

/** Matches `Prefer: wait=10`, alone or among other preferences (RFC 7240, section 4.3). */
const PREFERS_WAIT = /(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:[,;]|$)/i;

/** Returns the seconds of a `Prefer` header, limited to the maximum; undefined if it names none. */
export function parsePreferWait(prefer: string | undefined): number | undefined {
  const [, seconds] = PREFERS_WAIT.exec(prefer ?? '') ?? [];
  return seconds === undefined ? undefined : Math.min(Number(seconds), MAX_WAIT_SECONDS);
}

/**
 * Resolves when `isNews` returns true for a head, the ingestion is finished, the time has elapsed, `isGone` emits, or
 * the service stops.
 */
export async function waitForChange(
  heads: Observable<IngestionRecord>,
  isNews: (head: IngestionRecord) => boolean,
  { seconds, isGone }: { readonly seconds: number; readonly isGone: Observable<unknown> },
): Promise<void> {
  await firstValueFrom(
    heads.pipe(
      filter((head) => isTerminal(head) || isNews(head)),
      takeUntil(merge(timer(seconds * 1000), isGone)),
    ),
    { defaultValue: null },
  );
}
