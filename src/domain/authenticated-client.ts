export const SCOPES = ['submit', 'read', 'admin'] as const;

/** What a client may do: hand lists over, look at its own, or everything with everyone's. */
export type Scope = (typeof SCOPES)[number];

/** Who asks. */
export interface AuthenticatedClient {
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

export const ADMIN: Scope = 'admin';

/** Fit to stand in a log line, a header and a URL. */
const CLIENT_NAME = /^[\w.:@/|+-]{1,128}$/;

export function isClientName(text: string): boolean {
  return CLIENT_NAME.test(text);
}

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

/** `admin` holds the others. */
export function hasScope(authenticatedClient: AuthenticatedClient, scope: Scope): boolean {
  return authenticatedClient.scopes.has(scope) || isAdmin(authenticatedClient);
}

export function isAdmin(authenticatedClient: AuthenticatedClient): boolean {
  return authenticatedClient.scopes.has(ADMIN);
}
