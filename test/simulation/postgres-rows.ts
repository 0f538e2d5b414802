import type { Client, QueryResult } from 'pg';
import { unpackBigIntIds } from '../../src/domain/packed-ids.js';
import type { GateRow, HeldRow, ListRow, RetryRow, RunRow, StoreRows } from './store-rows.js';

interface ChunkRow {
  readonly chunksOf: number;
  readonly packedIds: Uint8Array;
}

/** The numbers in the tables are far below 2^53. */
const SQL = {
  lists: `SELECT seq::float8, ingestion_id AS "ingestionId", lane_no AS "laneNo", rank, total, taken, completed, failed,
    cancelled, cancelled_at IS NOT NULL AS "isCancelled", accepted_time AS "acceptedTime",
    finished_at IS NOT NULL AS "isFinished", coalesce(chunks_of, seq)::float8 AS "chunksOf" FROM ingestion ORDER BY seq`,
  retries: `SELECT lane_no AS "laneNo", rank, due_time AS "dueTime", seq::float8, position FROM retry`,
  dead: 'SELECT seq::float8, position AS first, 1 AS size FROM dead_letter',
  inFlight: `SELECT seq::float8, first, size, dispatch_id AS "dispatchId" FROM dispatch JOIN dispatch_part USING (dispatch_no) WHERE ended_at IS NULL`,
  gates: `SELECT lane_no AS "laneNo", lane, paused_at::float8 AS "pausedAt", held_until_time AS "heldUntilTime" FROM gate`,
  chunks: `SELECT (chunk_key >> 20)::float8 AS "chunksOf", packed_ids AS "packedIds" FROM chunk ORDER BY chunk_key`,
} as const;

const NAMES = Object.keys(SQL) as (keyof typeof SQL)[];
const ALL = ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', ...Object.values(SQL), 'COMMIT'].join('; ');

/** The rows of a store in PostgreSQL, as they were at one moment. */
export class PostgresRows implements StoreRows {
  private constructor(
    private readonly tables: ReadonlyMap<keyof typeof SQL, readonly unknown[]>,
    private readonly ids: ReadonlyMap<number, bigint[]>,
  ) {}

  /** Reads all tables in one snapshot. The search path of the connection leads to the schema. */
  static async read(client: Client): Promise<PostgresRows> {
    const answers: unknown = await client.query(ALL);
    const [, ...ofTables] = answers as readonly QueryResult[];
    const tables = new Map(NAMES.map((name, i) => [name, ofTables[i]?.rows ?? []]));
    const ids = new Map<number, bigint[]>();
    for (const { chunksOf, packedIds } of tables.get('chunks') as readonly ChunkRow[]) {
      ids.set(chunksOf, [...(ids.get(chunksOf) ?? []), ...unpackBigIntIds(packedIds)]);
    }
    return new PostgresRows(tables, ids);
  }

  lists(): readonly ListRow[] {
    return this.tables.get('lists') as readonly ListRow[];
  }

  retries(): readonly RetryRow[] {
    return this.tables.get('retries') as readonly RetryRow[];
  }

  dead(): readonly RunRow[] {
    return this.tables.get('dead') as readonly RunRow[];
  }

  inFlight(): readonly HeldRow[] {
    return this.tables.get('inFlight') as readonly HeldRow[];
  }

  gates(): readonly GateRow[] {
    return this.tables.get('gates') as readonly GateRow[];
  }

  idsOf({ chunksOf }: ListRow): bigint[] {
    return this.ids.get(chunksOf) ?? [];
  }
}
