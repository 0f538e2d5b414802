import type { IngestionSummary } from '../../api/types.js';

/** Part of the list of ingestions that was loaded by one request. */
export interface LoadedPage {
  /** Cursor after which it starts; null for the newest. */
  readonly after: string | null;
  readonly rows: readonly IngestionSummary[];
  /** Cursor after which the following page starts; null for the last. */
  readonly next: string | null;
}

/**
 * Returns a page with the newest state of its rows. Its end stays the same, so that the following page still fits: rows
 * behind the end are left out, and old rows that `fresh` does not reach are kept. Without `withNew`, rows that are newer
 * than the first of the old ones are left out, too: the list must not move while somebody reads it.
 */
export function mergePage(old: LoadedPage, fresh: LoadedPage, withNew: boolean): LoadedPage {
  const endMs = toMs(old.next);
  const freshEndMs = toMs(fresh.next);
  const newestMs = withNew ? Infinity : Date.parse(old.rows[0]?.created_at ?? '') || Infinity;
  const rows = fresh.rows.filter(({ created_at: at }) => {
    const ms = Date.parse(at);
    return ms >= endMs && ms <= newestMs;
  });
  const ids = new Set(rows.map((row) => row.ingestion_id));
  const kept = old.rows.filter((row) => {
    const ms = Date.parse(row.created_at);
    return (ms < freshEndMs || (ms === freshEndMs && fresh.next !== null)) && !ids.has(row.ingestion_id);
  });
  return { ...old, rows: [...rows, ...kept] };
}

/** A cursor begins with the time of acceptance in ms. Null, the end of the list, comes before all times. */
function toMs(cursor: string | null): number {
  return cursor === null ? -Infinity : Number.parseInt(cursor, 10);
}
