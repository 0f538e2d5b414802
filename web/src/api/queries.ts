import { queryOptions } from '@tanstack/react-query';
import { call } from './client.js';
import type { Ingestion } from './types.js';

export const statusQuery = (id: string) =>
  queryOptions({
    queryKey: ['status', id],
    queryFn: ({ signal }) => call<Ingestion>(`status/${id}`, { query: { batches: 'none' }, signal }),
  });
