import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { unpackBigIntIds } from '../../src/domain/packed-ids.js';
import type { GateRow, HeldRow, ListRow, RetryRow, RunRow, StoreRows } from './store-rows.js';

type StoredList = Omit<ListRow, 'isCancelled' | 'isFinished'> & {
  readonly isCancelled: number;
  readonly isFinished: number;
};

const SQL = {
  lists: `SELECT seq, lower(hex(ingestion_id)) AS ingestionId, lane_no AS laneNo, rank, total, taken, completed, failed,
    cancelled, cancelled_at IS NOT NULL AS isCancelled, accepted_time AS acceptedTime,
    finished_at IS NOT NULL AS isFinished, coalesce(chunks_of, seq) AS chunksOf FROM ingestion ORDER BY seq`,
  retries: `SELECT lane_no AS laneNo, rank, due_time AS dueTime, seq, position FROM retry`,
  dead: 'SELECT seq, position AS first, 1 AS size FROM dead_letter',
  inFlight: `SELECT seq, first, size, lower(hex(dispatch_id)) AS dispatchId FROM dispatch JOIN dispatch_part USING (dispatch_no) WHERE ended_at IS NULL`,
  gates: `SELECT lane_no AS laneNo, lane, paused_at AS pausedAt, held_until_time AS heldUntilTime FROM gate`,
  chunk: 'SELECT packed_ids AS packedIds FROM chunk WHERE chunk_key = (? << 20) | ?',
} as const;

const IDS_PER_CHUNK = 500;

/** The rows of an embedded store, as they are at each call. */
export class EmbeddedRows implements StoreRows {
  private readonly statements = new Map<string, StatementSync>();

  constructor(private readonly database: DatabaseSync) {}

  lists(): ListRow[] {
    return this.all<StoredList>('lists').map((row) => ({
      ...row,
      isCancelled: row.isCancelled === 1,
      isFinished: row.isFinished === 1,
      ingestionId: toUuid(row.ingestionId),
    }));
  }

  retries(): RetryRow[] {
    return this.all('retries');
  }

  dead(): RunRow[] {
    return this.all('dead');
  }

  inFlight(): HeldRow[] {
    return this.all<HeldRow>('inFlight').map((row) => ({ ...row, dispatchId: toUuid(row.dispatchId) }));
  }

  gates(): GateRow[] {
    return this.all('gates');
  }

  idsOf({ chunksOf, total }: ListRow): bigint[] {
    const ids: bigint[] = [];
    for (let no = 0; no * IDS_PER_CHUNK < total; no++) {
      const row = this.statement('chunk').get(chunksOf, no) as { packedIds: Uint8Array } | undefined;
      ids.push(...(row === undefined ? [] : unpackBigIntIds(row.packedIds)));
    }
    return ids;
  }

  private all<Row>(name: keyof typeof SQL): Row[] {
    return this.statement(name).all() as unknown as Row[];
  }

  private statement(name: keyof typeof SQL): StatementSync {
    const statement = this.statements.get(name) ?? this.database.prepare(SQL[name]);
    this.statements.set(name, statement);
    return statement;
  }
}

function toUuid(hex: string): string {
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}
