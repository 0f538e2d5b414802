/** Where the store is, and how it is used. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`. */
  readonly url: string;
  /** The schema that holds the tables, so that the store lives beside other applications. Made where it is missing. */
  readonly schema: string;
  /** Connections in all, without the one that listens. */
  readonly poolSize: number;
  /** How long the start keeps trying to reach the server. */
  readonly connectTimeoutMs: number;
  /** Whether clients take turns. */
  readonly fairShare?: boolean;
}

/** `identifier` as SQL text, whatever it contains. */
export function quoteIdentifier(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
