import { useQuery } from '@tanstack/react-query';
import { unwrap, api, ApiError, apiKey } from './client.js';
import type { Scope } from './types.js';

/** Whoever looks, and what he may do. */
export interface Access {
  /** The service wants a key, and has none that it takes. */
  readonly needsKey: boolean;
  /** A key is in use. */
  readonly isKeyed: boolean;
  readonly client: string | null;
  readonly scopes: readonly Scope[];
  /** The default one first; empty while it is not known. */
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

/** Nothing is offered before it is known. */
export function useAccess(): Access {
  return useQuery(accessQuery()).data ?? ANONYMOUS;
}

export function useHasScope(scope: Scope): boolean {
  return useAccess().scopes.includes(scope);
}
