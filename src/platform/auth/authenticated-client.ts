export const SCOPES = ['submit', 'read', 'admin'] as const;

/** What a client may do: hand lists over, look at its own, or everything with everyone's. */
export type Scope = (typeof SCOPES)[number];

/** Who asks. */
export interface Client {
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
export function mayUse(client: Client, scope: Scope): boolean {
  return client.scopes.has(scope) || isAdmin(client);
}

export function isAdmin(client: Client): boolean {
  return client.scopes.has(ADMIN);
}
