import { useQuery } from '@tanstack/react-query';
import { unwrap, api, ApiError, apiKey } from './client.js';
import type { Scope } from './types.js';

/** Access rights of the current user. */
export interface Access {
  /** True if the service requires a key and the tab has no valid one. */
  readonly needsKey: boolean;
  /** True if a key is in use. */
  readonly isKeyed: boolean;
  readonly client: string | null;
  readonly scopes: readonly Scope[];
  /** Lanes, the default one first; empty while unknown. */
  readonly lanes: readonly string[];
}

const ANONYMOUS: Access = { needsKey: false, isKeyed: false, client: null, scopes: [], lanes: [] };

export function accessQuery() {
  return {
    queryKey: ['access'],
    queryFn: readAccess,
    staleTime: 60_000,
  };
}

async function readAccess(): Promise<Access> {
  try {
    const { client, scopes, lanes } = await unwrap(api.GET('/whoami'));
    return { needsKey: false, isKeyed: apiKey.get() !== null, client, scopes, lanes };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      return { ...ANONYMOUS, needsKey: true };
    }
    throw error;
  }
}

/** Returns the current access rights; none until they are loaded. */
export function useAccess(): Access {
  return useQuery(accessQuery()).data ?? ANONYMOUS;
}

export function useHasScope(scope: Scope): boolean {
  return useAccess().scopes.includes(scope);
}
