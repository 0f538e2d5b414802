import { PRIORITIES, STATUSES, type Priority, type Status } from '../../api/types.js';

/** Periods that a filter offers, by their names in the URL; values in ms. */
export const PERIODS = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
} as const;
export type Period = keyof typeof PERIODS;

export const PERIOD_NAMES: Readonly<Record<Period, string>> = {
  '1h': 'last hour',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
};

/** Filter of the list of ingestions, as it is in the URL; the lane is a parameter of every page. */
export interface IngestionSearch {
  readonly status?: Status;
  readonly priority?: Priority;
  readonly client?: string;
  /** Labels, `name=value`; an ingestion has to have all of them. */
  readonly label?: readonly string[];
  /** Beginning or end of the ingestion id. */
  readonly mark?: string;
  /** Accepted within this period up to now. */
  readonly since?: Period;
  /** Accepted at this time or later, or earlier; ISO 8601. */
  readonly from?: string;
  readonly to?: string;
}

/** Query of `GET /ingestions` without its page. */
export interface IngestionQuery {
  readonly status?: Status;
  readonly priority?: Priority;
  readonly lane?: string;
  readonly client?: string;
  readonly label?: string[];
  readonly ingestion_id?: string;
  readonly created_from?: string;
  readonly created_to?: string;
}

/** Reads the filter from the parameters of the URL; what is not valid is left out. */
export function parseIngestionSearch(search: Record<string, unknown>): IngestionSearch {
  const status = STATUSES.find((each) => each === search.status);
  const priority = PRIORITIES.find((each) => each === search.priority);
  const client = toText(search.client);
  const mark = toText(search.mark);
  const since = (Object.keys(PERIODS) as Period[]).find((each) => each === search.since);
  const from = toTime(search.from);
  const to = toTime(search.to);
  const given: unknown[] = Array.isArray(search.label) ? search.label : [search.label];
  const label = given.map(toText).filter((each) => each !== undefined);
  return {
    ...(status !== undefined && { status }),
    ...(priority !== undefined && { priority }),
    ...(client !== undefined && { client }),
    ...(label.length > 0 && { label }),
    ...(mark !== undefined && { mark }),
    ...(since !== undefined && { since }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/** Converts a filter to the query of the service. A period begins at a whole minute, so that the query is stable. */
export function toIngestionQuery(
  search: IngestionSearch,
  lane: string | null,
  nowMs: number,
): IngestionQuery {
  const { status, priority, client, label, mark, since, from, to } = search;
  const sinceMs = since === undefined ? undefined : Math.floor(nowMs / 60_000) * 60_000 - PERIODS[since];
  const createdFrom = sinceMs === undefined ? from : new Date(sinceMs).toISOString();
  return {
    ...(status !== undefined && { status }),
    ...(priority !== undefined && { priority }),
    ...(lane !== null && { lane }),
    ...(client !== undefined && { client }),
    ...(label !== undefined && { label: [...label] }),
    ...(mark !== undefined && { ingestion_id: mark }),
    ...(createdFrom !== undefined && { created_from: createdFrom }),
    ...(to !== undefined && since === undefined && { created_to: to }),
  };
}

/** Writes a query as the parameters of a URL. */
export function toParameters(query: object): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, string | readonly string[]][]) {
    for (const each of typeof value === 'string' ? [value] : value) {
      parameters.append(name, each);
    }
  }
  return parameters.toString();
}

function toText(value: unknown): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return text === '' ? undefined : text;
}

function toTime(value: unknown): string | undefined {
  const text = toText(value);
  return text === undefined || Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString();
}
