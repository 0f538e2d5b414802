import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client.js';
import type { DeadLetterPage, History, Ingestion, IngestionPage, ResultPage } from './types.js';

export interface IngestionFilter {
  readonly status?: string;
  readonly priority?: string;
}

export const statusQuery = (id: string) =>
  queryOptions({
    queryKey: ['status', id],
    queryFn: ({ signal }) => call<Ingestion>(`status/${id}`, { query: { batches: 'none' }, signal }),
  });

/** Batches from a place on. */
export const batchesQuery = (id: string, after: number, limit: number, changedAt: string) =>
  queryOptions({
    queryKey: ['batches', id, after, limit, changedAt],
    queryFn: ({ signal }) =>
      call<Ingestion>(`status/${id}`, { query: { limit, ...(after > 0 && { after }) }, signal }),
    placeholderData: (kept) => kept,
  });

export const ingestionsQuery = (filter: IngestionFilter) =>
  infiniteQueryOptions({
    queryKey: ['ingestions', filter],
    queryFn: ({ pageParam, signal }) =>
      call<IngestionPage>('ingestions', { query: { limit: 50, after: pageParam, ...filter }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export const resultsQuery = (id: string, status: string, changedAt: string) =>
  infiniteQueryOptions({
    queryKey: ['results', id, status, changedAt],
    queryFn: ({ pageParam, signal }) =>
      call<ResultPage>(`ingestions/${id}/results`, {
        query: { limit: 100, after: pageParam, status },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (kept) => kept,
  });

export const deadLettersQuery = (ingestionId?: string) =>
  infiniteQueryOptions({
    queryKey: ['dead-letters', ingestionId ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      call<DeadLetterPage>('dead-letters', {
        query: { limit: 200, after: pageParam, ingestion_id: ingestionId },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export const historyQuery = (range: 'hour' | 'day') =>
  queryOptions({
    queryKey: ['history', range],
    queryFn: ({ signal }) => call<History>('history', { query: { range }, signal }),
    refetchInterval: 15_000,
  });
