/** The servers of the store, as `DATABASE_URL` names them. */
export interface PostgresServers {
  /** `postgres://user:password@host:port/database?sslmode=…` for each server, in the order of trying. */
  readonly urls: readonly [URL, ...URL[]];
  /** If true, servers that accept no writes are skipped. */
  readonly onlyWritable: boolean;
}

/** The settings with which the function `ingest` checks lists, see the migration that creates it. */
export interface IntakeSettings {
  readonly lanes: readonly string[];
  readonly maxIdsPerRequest: number;
  /** Null means no limit. */
  readonly maxPendingIds: number | null;
  readonly idempotencyWindowMs: number;
  readonly idempotencyByContent: boolean;
  /** The most that one id may cost, by lane and rank of the priority; lanes without such a limit are absent. */
  readonly maxUnits?: Readonly<Record<string, readonly (number | null)[]>>;
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
  /** Written to the schema at the start. Absent leaves the settings there as they are. */
  readonly intake?: IntakeSettings;
}

/** Quotes `identifier` as SQL text, whatever it contains. */
export function quoteIdentifier(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
