import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { unwrap, api, compactQuery } from './client.js';
import type { Priority, Status } from './types.js';

export interface IngestionFilter {
  readonly status?: Status | undefined;
  readonly priority?: Priority | undefined;
  readonly lane?: string | undefined;
}

const LIVE_QUEUES_MS = 3000;

const ofIngestion = (id: string) => ({ path: { ingestion_id: id } });

/** The gates of all lanes. */
export const queuesQuery = () =>
  queryOptions({
    queryKey: ['queues'],
    queryFn: ({ signal }) => unwrap(api.GET('/queue', { signal })),
    refetchInterval: LIVE_QUEUES_MS,
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

/** Batches from the first on. */
export const batchesQuery = (id: string, limit: number, changedAt: string) =>
  queryOptions({
    queryKey: ['batches', id, limit, changedAt],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/status/{ingestion_id}', { params: { ...ofIngestion(id), query: { limit } }, signal })),
    placeholderData: (kept) => kept,
  });

export const ingestionsQuery = (filter: IngestionFilter) =>
  infiniteQueryOptions({
    queryKey: ['ingestions', filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/ingestions', {
          params: { query: compactQuery({ limit: 50, after: pageParam, ...filter }) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

/** From a position among the ids on. */
export const resultsQuery = (id: string, from: number, limit: number, changedAt: string) =>
  infiniteQueryOptions({
    queryKey: ['results', id, from, limit, changedAt],
    queryFn: async ({ pageParam, signal }) => {
      const page = await unwrap(
        api.GET('/ingestions/{ingestion_id}/results', {
          params: { ...ofIngestion(id), query: { limit, after: pageParam } },
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

/** Of all lists, or of one with so many of them. */
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

/** How many dead letters there are of each kind. */
export const deadLetterCountsQuery = () =>
  queryOptions({
    queryKey: ['dead-letters', 'counts'],
    queryFn: ({ signal }) => unwrap(api.GET('/dead-letters/counts', { signal })),
    refetchInterval: 5000,
  });

/** The timeline of a lane's calls, the newest first; asked once each time that one begins to look back. */
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

export const historyQuery = (range: 'hour' | 'day', lane: string) =>
  queryOptions({
    queryKey: ['history', range, lane],
    queryFn: ({ signal }) => unwrap(api.GET('/history', { params: { query: { range, lane } }, signal })),
    refetchInterval: 15_000,
    placeholderData: (kept) => kept,
  });
