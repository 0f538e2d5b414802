export const SCOPES = ['submit', 'read', 'observe', 'admin'] as const;

/**
 * A permission of a client. `submit`: submit ingestions. `read`: read its own ingestions. `observe`: read everything of
 * all clients, and change nothing. `admin`: do everything with all ingestions.
 */
export type Scope = (typeof SCOPES)[number];

/** The client that sent a request. */
export interface AuthenticatedClient {
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The wall time in ms from which its credential is refused; absent if it does not expire. */
  readonly expiresAtMs?: number;
}

export const ADMIN: Scope = 'admin';

/** Names that are safe in a log line, a header and a URL. */
const CLIENT_NAME = /^[\w.:@/|+-]{1,128}$/;

export function isClientName(text: string): boolean {
  return CLIENT_NAME.test(text);
}

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

/** `admin` includes all other scopes, `observe` includes `read`. */
export function hasScope(authenticatedClient: AuthenticatedClient, scope: Scope): boolean {
  const { scopes } = authenticatedClient;
  return scopes.has(scope) || isAdmin(authenticatedClient) || (scope === 'read' && scopes.has('observe'));
}

/** Returns whether the client may read the ingestions of all clients. */
export function isObserver(authenticatedClient: AuthenticatedClient): boolean {
  return hasScope(authenticatedClient, 'observe');
}

export function isAdmin(authenticatedClient: AuthenticatedClient): boolean {
  return authenticatedClient.scopes.has(ADMIN);
}
