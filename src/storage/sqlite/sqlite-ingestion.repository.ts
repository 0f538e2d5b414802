import type { StatementSync } from 'node:sqlite';
import { parse, stringify, validate } from 'uuid';
import { countIds } from '../../ingestion/id-list.js';
import type {
  Acceptance,
  BegunBatch,
  IngestionHead,
  IngestionSnapshot,
  NewIngestion,
} from '../../ingestion/ingestion.js';
import type { IngestionRepository } from '../../ingestion/ingestion.repository.js';
import { priorityOf, rankOf, type PriorityRank } from '../../ingestion/priority.js';
import type { Clock } from '../../time/clock.js';
import { Chunks } from './chunks.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import type { SqliteDatabase } from './sqlite-database.js';
import type { SteadyTime } from './steady-time.js';

interface IngestionRow {
  seq: number;
  rank: PriorityRank;
  total: number;
  taken: number;
  completed: number;
  failed: number;
  created_at: number;
  updated_at: number;
}

/** Ingestions in the embedded store. */
export class SqliteIngestionRepository implements IngestionRepository {
  private readonly insertIngestion: StatementSync;
  private readonly selectIngestion: StatementSync;
  private readonly selectBatches: StatementSync;
  private readonly chunks: Chunks;
  private readonly idempotencyKeys: IdempotencyKeys;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: SteadyTime,
    private readonly clock: Clock,
  ) {
    this.chunks = new Chunks(database);
    this.idempotencyKeys = new IdempotencyKeys(database, time.nowMs());
    this.insertIngestion = database.prepare(`
      INSERT INTO ingestion (ingestion_id, rank, total, accepted_time, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5)
    `);
    this.selectIngestion = database.prepare(`
      SELECT seq, rank, total, taken, completed, failed, created_at, updated_at
      FROM ingestion WHERE ingestion_id = ?
    `);
    this.selectBatches = database.prepare(`
      SELECT first, size, completed, failed, error FROM batch WHERE seq = ? ORDER BY batch_no
    `);
  }

  async acceptAll(group: readonly NewIngestion[]): Promise<Acceptance[]> {
    const nowMs = this.time.nowMs();
    const createdAtMs = this.clock.wallMs();
    const acceptGroup = (): Acceptance[] => {
      const acceptances = group.map((ingestion) => this.accept(ingestion, nowMs, createdAtMs));
      this.idempotencyKeys.pruneSome(nowMs);
      return acceptances;
    };
    return this.idempotencyKeys.during(() => this.database.write(acceptGroup), nowMs);
  }

  async find(ingestionId: string): Promise<IngestionSnapshot | null> {
    return this.database.read(() => {
      const row = this.select(ingestionId);
      return (
        row && {
          head: toHead(ingestionId, row),
          begun: this.selectBatches.all(row.seq) as unknown as BegunBatch[],
          packedIds: this.chunks.read(row.seq, 0, row.total),
        }
      );
    });
  }

  async findHead(ingestionId: string): Promise<IngestionHead | null> {
    return this.database.read(() => {
      const row = this.select(ingestionId);
      return row && toHead(ingestionId, row);
    });
  }

  private select(ingestionId: string): IngestionRow | null {
    const row = validate(ingestionId) ? this.selectIngestion.get(parse(ingestionId)) : undefined;
    return row === undefined ? null : (row as unknown as IngestionRow);
  }

  private accept(ingestion: NewIngestion, nowMs: number, createdAtMs: number): Acceptance {
    const { ingestionId, priority, packedIds, idempotency } = ingestion;
    const idBytes = parse(ingestionId);
    if (idempotency !== undefined) {
      const claimed = this.idempotencyKeys.claim(idempotency, idBytes, nowMs);
      if (claimed.kind === 'conflict') {
        return claimed;
      }
      if (claimed.kind === 'replayed') {
        return { kind: 'replayed', ingestionId: stringify(claimed.ingestionId) };
      }
    }
    const { lastInsertRowid } = this.insertIngestion.run(
      idBytes,
      rankOf(priority),
      countIds(packedIds),
      nowMs,
      createdAtMs,
    );
    this.chunks.insert(Number(lastInsertRowid), packedIds);
    return { kind: 'accepted', ingestionId };
  }
}

function toHead(ingestionId: string, row: IngestionRow): IngestionHead {
  return {
    ingestionId: ingestionId.toLowerCase(),
    priority: priorityOf(row.rank),
    total: row.total,
    taken: row.taken,
    completed: row.completed,
    failed: row.failed,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
  };
}
