import type { DeadLetterQuery, FailureKind } from '../../api/types.js';
import { PERIODS, type Period } from '../ingestions/ingestion-filter.js';

/** Filter of the page of dead letters, as it is in the URL; the lane is a parameter of every page. */
export interface DeadLetterSearch {
  readonly kind?: string;
  /** The whole message of the last error. */
  readonly message?: string;
  /** HTTP status of the last response. */
  readonly status?: string;
  readonly client?: string;
  readonly label?: string;
  readonly ingestion?: string;
  /** Failed within this period up to now. */
  readonly since?: Period;
}

const TEXTS = ['kind', 'message', 'status', 'client', 'label', 'ingestion'] as const;

/** Reads the filter from the parameters of the URL; what is not valid is left out. */
export function parseDeadLetterSearch(search: Record<string, unknown>): DeadLetterSearch {
  const texts = TEXTS.flatMap((name) => {
    const value = search[name];
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    return text === '' ? [] : [[name, text] as const];
  });
  const since = (Object.keys(PERIODS) as Period[]).find((each) => each === search.since);
  return { ...Object.fromEntries(texts), ...(since !== undefined && { since }) };
}

/** Converts a filter to the query of the service. A period begins at a whole minute, so that the query is stable. */
export function toDeadLetterQuery(
  { kind, message, status, client, label, ingestion, since }: DeadLetterSearch,
  lane: string | null,
  nowMs: number,
): DeadLetterQuery {
  const fromMs = since === undefined ? null : Math.floor(nowMs / 60_000) * 60_000 - PERIODS[since];
  return {
    ...(lane !== null && { lane }),
    ...(kind !== undefined && { kind: kind as FailureKind }), // the service refuses an unknown one
    ...(message !== undefined && { message }),
    ...(status !== undefined && { upstream_status: Number(status) }),
    ...(client !== undefined && { client }),
    ...(label !== undefined && { label: [label] }),
    ...(ingestion !== undefined && { ingestion_id: ingestion }),
    ...(fromMs !== null && { failed_from: new Date(fromMs).toISOString() }),
  };
}

/** Returns the target of a redrive of exactly what a query matches; null if a redrive cannot select that. */
export function toRedriveTarget(
  query: DeadLetterQuery,
): { readonly all: 'true' } | { readonly kind?: FailureKind; readonly ingestion_id?: string } | null {
  const { kind, ingestion_id: ingestionId, ...others } = query;
  if (Object.keys(others).length > 0) {
    return null;
  }
  return kind === undefined && ingestionId === undefined
    ? { all: 'true' }
    : {
        ...(kind !== undefined && { kind }),
        ...(ingestionId !== undefined && { ingestion_id: ingestionId }),
      };
}
