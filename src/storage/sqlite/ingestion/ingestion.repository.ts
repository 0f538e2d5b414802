import { parse } from 'uuid';
import type { AuditEntry } from '../../../domain/audit.js';
import type {
  Acceptance,
  StartedBatch,
  IngestionRecord,
  IngestionKey,
  IngestionPage,
  NewIngestion,
  IngestionCursor,
} from '../../../domain/ingestion.js';
import type {
  IngestionIndexFilter,
  IngestionRepository,
  QueuePosition,
  StepResult,
} from '../../../ingestion/ingestion.repository.js';
import type { Priority } from '../../../domain/priority.js';
import type { Clock } from '../../../domain/clock.js';
import { ingestionColumns, toIngestionRecord, type IngestionRow } from '../../shared/rows/ingestion-row.js';
import { PrecedingIngestions } from './preceding-ingestions.js';
import { IdChunks } from '../queue/id-chunks.js';
import type { ExpiringIngestions } from '../queue/expiring-ingestions.js';
import type { ScheduledIngestions } from '../queue/scheduled-ingestions.js';
import { QueuePositions } from '../queue/queue-position.js';
import { GroupAcceptance } from './accept-group.js';
import { IngestionChanges } from './change-ingestion.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { StoreClock } from '../database/store-clock.js';
import { toUuidColumn } from '../database/uuid-column.js';
import { WriteInvalidatedCache } from '../database/write-invalidated-cache.js';

/** Stores ingestions in the embedded store. */
export class SqliteIngestionRepository implements IngestionRepository {
  private readonly selectHead: PreparedStatement<IngestionRow>;
  private readonly preceding: PrecedingIngestions;
  private readonly selectBatches: PreparedStatement<StartedBatch>;
  private readonly countLabel: PreparedStatement<{ lists: number }>;
  private readonly selectLatest: PreparedStatement<{ seq: number | null }>;
  private readonly selectSeq: PreparedStatement<{ seq: number }>;
  private readonly cache: WriteInvalidatedCache<string, IngestionRecord | null>;
  private readonly chunks: IdChunks;
  private readonly idempotencyKeys: IdempotencyKeys;
  private readonly acceptance: GroupAcceptance;
  private readonly changes: IngestionChanges;
  private readonly positions: QueuePositions;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly clock: Clock,
    private readonly laneIds: LaneIds,
    auditLog: AuditLog,
    times: { readonly schedule: ScheduledIngestions; readonly expiry: ExpiringIngestions },
  ) {
    this.cache = new WriteInvalidatedCache(database);
    this.chunks = new IdChunks(database);
    this.idempotencyKeys = new IdempotencyKeys(database, time.nowMs());
    this.acceptance = new GroupAcceptance(
      database,
      laneIds,
      this.idempotencyKeys,
      times.schedule,
      times.expiry,
    );
    this.changes = new IngestionChanges(database, clock, auditLog);
    this.positions = new QueuePositions(database, time, laneIds);
    this.selectHead = database.prepare(
      `SELECT ${ingestionColumns('gate')} FROM ingestion WHERE ingestion_id = ?`,
    );
    this.preceding = new PrecedingIngestions(database);
    this.countLabel = database.prepare(
      'SELECT count(*) AS lists FROM (SELECT 1 FROM label WHERE label = ? LIMIT ?)',
    );
    this.selectLatest = database.prepare('SELECT max(seq) AS seq FROM ingestion');
    this.selectSeq = database.prepare('SELECT seq FROM ingestion WHERE ingestion_id = ?');
    this.selectBatches = database.prepare(`
      SELECT first, size, completed, failed, cancelled, error FROM batch
      WHERE seq = ? AND batch_no >= ? AND batch_no < ? ORDER BY batch_no
    `);
  }

  async acceptAll(group: readonly NewIngestion[]): Promise<Acceptance[]> {
    group.forEach(({ lane }) => this.laneIds.toNumber(lane)); // before the transaction
    const timestamps = { nowMs: this.time.nowMs(), wallMs: this.clock.wallMs() };
    const acceptGroup = (): Acceptance[] => {
      if (group.some(({ notBefore, expiresAt }) => notBefore !== undefined || expiresAt !== undefined)) {
        this.time.persist(); // so that the due times mean the same after a restart
      }
      return this.acceptance.acceptGroup(group, timestamps);
    };
    const acceptances = this.idempotencyKeys.inTransaction(
      () => this.database.commit(acceptGroup),
      timestamps.nowMs,
    );
    await this.database.flush();
    return acceptances;
  }

  async findMany(ingestionIds: readonly string[]): Promise<IngestionRecord[]> {
    return this.database.read(() =>
      ingestionIds.flatMap((ingestionId) => {
        const row = this.select(ingestionId);
        return row === undefined ? [] : [toIngestionRecord(row)];
      }),
    );
  }

  async findPreceding(
    place: IngestionCursor,
    earliestMs: number,
    limit: number,
    filter: IngestionIndexFilter,
  ): Promise<IngestionRecord[]> {
    return this.database.read(() => this.preceding.find(place, earliestMs, limit, filter));
  }

  async countLabelled(labels: readonly string[], limit: number): Promise<readonly number[]> {
    return this.database.read(() => labels.map((label) => this.countLabel.get(label, limit)?.lists ?? 0));
  }

  async latestNumber(): Promise<number> {
    return this.database.read(() => this.selectLatest.get()?.seq ?? 0);
  }

  async findWithBatches(ingestionId: string, from: number, limit: number): Promise<IngestionPage | null> {
    return this.database.read(() => {
      const row = this.select(ingestionId);
      return row === undefined
        ? null
        : {
            ingestion: toIngestionRecord(row),
            started: this.selectBatches.all(row.seq, from, from + limit),
          };
    });
  }

  async readIds({ ingestionId }: IngestionKey, first: number, size: number): Promise<Uint8Array | null> {
    return this.database.read(() => {
      const row = this.selectSeq.get(parse(ingestionId)); // a list that falls due gets a new number
      return row === undefined ? null : this.chunks.read(row.seq, first, size);
    });
  }

  findById(ingestionId: string): IngestionRecord | null | Promise<IngestionRecord | null> {
    const known = this.cache.find(ingestionId);
    return known !== undefined && this.database.isDurable ? known : this.readById(ingestionId);
  }

  positionOf(lane: string, priority: Priority, seq: number | null): QueuePosition | Promise<QueuePosition> {
    return this.positions.positionOf(lane, priority, seq);
  }

  async cancelStep(ingestionId: string, limit: number, audit?: AuditEntry): Promise<StepResult> {
    return this.changes.cancelStep(ingestionId, limit, audit);
  }

  async reprioritizeStep(
    ingestionId: string,
    priority: Priority,
    limit: number,
    audit?: AuditEntry,
  ): Promise<StepResult> {
    return this.changes.reprioritizeStep(ingestionId, priority, limit, audit);
  }

  private async readById(ingestionId: string): Promise<IngestionRecord | null> {
    if (toUuidColumn(ingestionId) === null) {
      return null;
    }
    return this.database.read(() =>
      this.cache.get(ingestionId, () => {
        const row = this.select(ingestionId);
        return row === undefined ? null : toIngestionRecord(row);
      }),
    );
  }

  private select(ingestionId: string): IngestionRow | undefined {
    return this.selectHead.get(toUuidColumn(ingestionId));
  }
}
