/** The servers of the store, as `DATABASE_URL` names them. */
export interface PostgresServers {
  /** `postgres://user:password@host:port/database?sslmode=…` for each server, in the order of trying. */
  readonly urls: readonly [URL, ...URL[]];
  /** If true, servers that accept no writes are skipped. */
  readonly onlyWritable: boolean;
}

/** Holds the location of the store and how it is used. */
export interface PostgresOptions {
  readonly servers: PostgresServers;
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
