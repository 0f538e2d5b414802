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

interface WhoAmI {
  readonly scopes: readonly string[];
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
    const { scopes } = await call<WhoAmI>('whoami');
    const isAdmin = scopes.includes('admin');
    return { isKeyed, needsKey: false, maySubmit: isAdmin || scopes.includes('submit'), mayControl: isAdmin };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      return { isKeyed: false, needsKey: true, maySubmit: false, mayControl: false };
    }
    return { ...EVERYTHING, isKeyed };
  }
}

export function useAccess(): Access {
  return useQuery(accessQuery()).data ?? EVERYTHING;
}
