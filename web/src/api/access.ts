import { useQuery } from '@tanstack/react-query';
import { ApiError, apiKey, call } from './client.js';

/** What whoever looks may do. */
export interface Access {
  /** A key is in use. */
  readonly isKeyed: boolean;
  /** The service wants a key, and has none that it takes. */
  readonly needsKey: boolean;
  readonly maySubmit: boolean;
  /** The gate as a whole: watch it, stop it, redrive what is everyone's. */
  readonly mayControl: boolean;
}

const EVERYTHING: Access = { isKeyed: false, needsKey: false, maySubmit: true, mayControl: true };

export function accessQuery() {
  return {
    queryKey: ['access'],
    queryFn: readAccess,
    staleTime: 60_000,
  };
}

async function readAccess(): Promise<Access> {
  const isKeyed = apiKey.get() !== null;
  try {
    await call('queue/next', { query: { limit: 1 } });
    return { ...EVERYTHING, isKeyed };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      return { isKeyed: false, needsKey: true, maySubmit: false, mayControl: false };
    }
    return { ...EVERYTHING, isKeyed, mayControl: !(error instanceof ApiError && error.status === 403) };
  }
}

export function useAccess(): Access {
  return useQuery(accessQuery()).data ?? EVERYTHING;
}
