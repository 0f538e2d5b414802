import { validate } from 'uuid';
import type {
  Acceptance,
  BegunBatch,
  IngestionHead,
  IngestionSnapshot,
  NewIngestion,
} from '../../ingestion/ingestion.js';
import type { IngestionRepository } from '../../ingestion/ingestion.repository.js';
import { priorityOf, type PriorityRank } from '../../ingestion/priority.js';
import type { Clock } from '../../time/clock.js';
import type { ArrivalNotice } from './arrival-notice.js';
import { allChunks } from './chunks.js';
import { answerGroup, firstOfEachKey } from './group-answers.js';
import { keepGroup, type KeptRow } from './keep-group.js';
import type { PostgresDatabase } from './postgres-database.js';
import { statement, type Statement, type Step } from './statement.js';
import { pruneKeys, takeKeys } from './take-keys.js';

const PRUNE_EVERY_MS = 250;

const HEAD_COLUMNS = 'ingestion_id, rank, total, taken, completed, failed, created_at, updated_at';

interface HeadRow {
  readonly ingestion_id: string;
  readonly rank: PriorityRank;
  readonly total: number;
  readonly taken: number;
  readonly completed: number;
  readonly failed: number;
  readonly created_at: number;
  readonly updated_at: number;
}

interface SnapshotRow extends HeadRow {
  readonly batches: readonly [number, number, number, number, string | null][] | null;
  readonly packed_ids: Uint8Array;
}

/** Ingestions in PostgreSQL. */
export class PostgresIngestionRepository implements IngestionRepository {
  private readonly selectHead: Statement;
  private readonly selectSnapshot: Statement;
  private prunedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly notice: ArrivalNotice,
    private readonly clock: Clock,
  ) {
    this.selectHead = statement(
      `SELECT ${HEAD_COLUMNS} FROM ${schema}.ingestion WHERE ingestion_id = $1::uuid`,
    );
    // One statement, so that all of it is of one moment.
    this.selectSnapshot = statement(`
      SELECT ${HEAD_COLUMNS},
             (SELECT json_agg(json_build_array(first, size, batch.completed, batch.failed, error) ORDER BY batch_no)
              FROM ${schema}.batch WHERE batch.seq = ingestion.seq) AS batches,
             ${allChunks(schema, 'ingestion.seq')} AS packed_ids
      FROM ${schema}.ingestion WHERE ingestion_id = $1::uuid
    `);
  }

  async acceptAll(group: readonly NewIngestion[]): Promise<Acceptance[]> {
    const asked = firstOfEachKey(group);
    const isKeyed = asked.some(({ idempotency }) => idempotency !== undefined);
    const [rows = []] = (
      await this.database.writeAll([
        ...(isKeyed ? [takeKeys(this.schema, asked)] : []),
        keepGroup(this.schema, asked),
        ...this.pruneNowAndThen(),
        ...this.notice.steps(),
      ])
    ).slice(isKeyed ? 1 : 0);
    return answerGroup(group, asked, rows as unknown as readonly KeptRow[]);
  }

  async find(ingestionId: string): Promise<IngestionSnapshot | null> {
    const row = await this.select(this.selectSnapshot, ingestionId);
    if (row === null) {
      return null;
    }
    const { batches, packed_ids: packedIds } = row as SnapshotRow;
    return { head: toHead(row), begun: (batches ?? []).map(toBatch), packedIds };
  }

  async findHead(ingestionId: string): Promise<IngestionHead | null> {
    const row = await this.select(this.selectHead, ingestionId);
    return row && toHead(row);
  }

  private async select(select: Statement, ingestionId: string): Promise<HeadRow | null> {
    if (!validate(ingestionId)) {
      return null;
    }
    const [row] = await this.database.read(select, [ingestionId]);
    return row === undefined ? null : (row as unknown as HeadRow);
  }

  private pruneNowAndThen(): Step[] {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.prunedAtMs < PRUNE_EVERY_MS) {
      return [];
    }
    this.prunedAtMs = nowMs;
    return [pruneKeys(this.schema)];
  }
}

function toHead(row: HeadRow): IngestionHead {
  return {
    ingestionId: row.ingestion_id,
    priority: priorityOf(row.rank),
    total: row.total,
    taken: row.taken,
    completed: row.completed,
    failed: row.failed,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
  };
}

function toBatch([first, size, completed, failed, error]: readonly [
  number,
  number,
  number,
  number,
  string | null,
]): BegunBatch {
  return { first, size, completed, failed, error };
}
