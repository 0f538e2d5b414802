/** Holds the location of the store and how it is used. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`. */
  readonly url: string;
  /**
   * The schema that holds the tables, so that other applications can share the database. It is created if it is
   * missing.
   */
  readonly schema: string;
  /** Total number of connections, without the one for LISTEN. */
  readonly poolSize: number;
  /** Time for which the start retries to reach the server. */
  readonly connectTimeoutMs: number;
  /** If true, clients of the same priority are served in turn. */
  readonly fairShare?: boolean;
}

/** Quotes `identifier` as SQL text, whatever it contains. */
export function quoteIdentifier(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
