import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { unwrap, api, compactQuery } from './client.js';
import type { Id } from './exact-json.js';
import type { AuditEntry, DeadLetterQuery, Delivery, HistoryRange, Status } from './types.js';

const LIVE_QUEUES_MS = 3000;

const ofIngestion = (id: string) => ({ path: { ingestion_id: id } });

/** Queries the gates of all lanes. */
export const queuesQuery = () =>
  queryOptions({
    queryKey: ['queues'],
    queryFn: ({ signal }) => unwrap(api.GET('/queue', { signal })),
    refetchInterval: LIVE_QUEUES_MS,
  });

/** Queries what each lane did lately. */
export const laneActivityQuery = () =>
  queryOptions({
    queryKey: ['queues', 'activity'],
    queryFn: ({ signal }) => unwrap(api.GET('/queue/activity', { signal })),
    refetchInterval: LIVE_QUEUES_MS,
  });

/** Queries the settings of a lane. */
export const laneSettingsQuery = (lane: string) =>
  queryOptions({
    queryKey: ['lanes', lane],
    queryFn: ({ signal }) => unwrap(api.GET('/lanes/{lane}', { params: { path: { lane } }, signal })),
    refetchInterval: 5000,
  });

/** Queries all lanes with their settings: who made each, and whether it is being retired. */
export const lanesQuery = () =>
  queryOptions({
    queryKey: ['lanes'],
    queryFn: ({ signal }) => unwrap(api.GET('/lanes', { signal })),
    refetchInterval: LIVE_QUEUES_MS,
  });

/** Queries the last pause of a lane; a new `pausedAt` leads to a new request. */
export const lastPauseQuery = (lane: string, pausedAt: string) =>
  queryOptions({
    queryKey: ['audit', 'last-pause', lane, pausedAt],
    queryFn: async ({ signal }) => {
      const query = { action: 'pause_lane', lane, limit: 1 } as const;
      const { entries } = await unwrap(api.GET('/audit', { params: { query }, signal }));
      return entries[0] ?? null;
    },
    staleTime: Infinity,
  });

export interface AuditFilter {
  readonly action?: AuditEntry['action'] | undefined;
  readonly client?: string | undefined;
  readonly target?: string | undefined;
  readonly lane?: string | undefined;
  /** Time of the first act. */
  readonly from?: string | undefined;
  /** Time of the last act. */
  readonly to?: string | undefined;
}

/** Queries the audit log, the newest entries first. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/audit', {
          params: { query: compactQuery({ limit: 50, after: pageParam, ...filter }) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (kept) => kept,
  });

/** Queries the webhook deliveries, the newest first. */
export const deliveriesQuery = (filter: {
  readonly state?: Delivery['state'] | undefined;
  readonly ingestion_id?: string | undefined;
}) =>
  infiniteQueryOptions({
    queryKey: ['webhook-deliveries', filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/webhook-deliveries', {
          params: { query: compactQuery({ limit: 50, after: pageParam, ...filter }) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (kept) => kept,
  });

/** Queries what the replica that responds says about itself. */
export const healthQuery = () =>
  queryOptions({
    queryKey: ['health'],
    queryFn: ({ signal }) => unwrap(api.GET('/health', { signal })),
  });

export const statusQuery = (id: string) =>
  queryOptions({
    queryKey: ['status', id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/status/{ingestion_id}', {
          params: { ...ofIngestion(id), query: { batches: 'none' } },
          signal,
        }),
      ),
  });

/** Queries the first `limit` batches of a list; a new `changedAt` leads to a new request. */
export const batchesQuery = (id: string, limit: number, changedAt: string) =>
  queryOptions({
    queryKey: ['batches', id, limit, changedAt],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/status/{ingestion_id}', { params: { ...ofIngestion(id), query: { limit } }, signal })),
    placeholderData: (kept) => kept,
  });

/** Queries the dispatches of a list, the newest first; a new `changedAt` leads to a new request. */
export const dispatchesOfQuery = (id: string, changedAt: string) =>
  infiniteQueryOptions({
    queryKey: ['dispatches of', id, changedAt],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/ingestions/{ingestion_id}/dispatches', {
          params: { ...ofIngestion(id), query: compactQuery({ limit: 50, after: pageParam }) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (kept) => kept,
  });

/** Queries the next `limit` retries of a list; a new `changedAt` leads to a new request. */
export const retriesQuery = (id: string, limit: number, changedAt: string) =>
  queryOptions({
    queryKey: ['retries', id, limit, changedAt],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/ingestions/{ingestion_id}/retries', {
          params: { ...ofIngestion(id), query: { limit } },
          signal,
        }),
      ),
    placeholderData: (kept) => kept,
  });

/** Searches the ingestions that have an id, the newest first; a page may have found none and still have a next one. */
export const idSearchQuery = (id: Id) =>
  infiniteQueryOptions({
    queryKey: ['ids', String(id)],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/ids/{id}', {
          params: { path: { id }, query: compactQuery({ limit: 100, after: pageParam }) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 30_000,
  });

/** Queries the results of a list from position `from` on; a new `changedAt` leads to a new request. */
export const resultsQuery = (id: string, from: number, limit: number, changedAt: string, status?: Status) =>
  infiniteQueryOptions({
    queryKey: ['results', id, from, limit, status ?? 'all', changedAt],
    queryFn: async ({ pageParam, signal }) => {
      const page = await unwrap(
        api.GET('/ingestions/{ingestion_id}/results', {
          params: { ...ofIngestion(id), query: compactQuery({ limit, after: pageParam, status }) },
          signal,
        }),
      );
      if (typeof page === 'string') {
        throw new Error('an answer in lines, which was not asked for');
      }
      return page;
    },
    initialPageParam: String(from),
    getNextPageParam: ({ next }): string | null => next,
    placeholderData: (kept) => kept,
  });

/** Queries the dead letters of all lists, or of one; a new `count` leads to a new request. */
export const deadLettersQuery = (ingestionId?: string, count?: number) =>
  infiniteQueryOptions({
    queryKey: ['dead-letters', ingestionId ?? 'all', count ?? null],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/dead-letters', {
          params: { query: compactQuery({ limit: 200, after: pageParam, ingestion_id: ingestionId }) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (kept) => kept,
  });

/** Queries the dead letters that match a filter, the newest first. */
export const filteredDeadLettersQuery = (filter: DeadLetterQuery) =>
  infiniteQueryOptions({
    queryKey: ['dead-letters', 'filtered', filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/dead-letters', {
          params: { query: compactQuery({ limit: 200, after: pageParam, ...filter }) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

/** Queries the number of dead letters that match a filter, by lane and error. */
export const deadLetterCountsQuery = (filter: DeadLetterQuery) =>
  queryOptions({
    queryKey: ['dead-letters', 'counts', filter],
    queryFn: ({ signal }) => unwrap(api.GET('/dead-letters/counts', { params: { query: filter }, signal })),
    refetchInterval: 5000,
  });

/**
 * Queries the dispatches of a lane, the newest first; a new `lookedBackAtMs`, the time at which the user began to
 * look back, leads to a new request.
 */
export const dispatchesQuery = (lane: string, lookedBackAtMs: number) =>
  infiniteQueryOptions({
    queryKey: ['dispatches', lane, lookedBackAtMs],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/dispatches', {
          params: { query: compactQuery({ lane, limit: 50, after: pageParam }) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: Infinity,
  });

export const historyQuery = (range: HistoryRange, lane: string) =>
  queryOptions({
    queryKey: ['history', range, lane],
    queryFn: ({ signal }) => unwrap(api.GET('/history', { params: { query: { range, lane } }, signal })),
    refetchInterval: 15_000,
    placeholderData: (kept) => kept,
  });
