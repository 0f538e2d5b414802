import { validate } from 'uuid';
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
import { StoreUnavailableError } from '../../../domain/store-errors.js';
import { ingestionColumns, toIngestionRecord, type IngestionRow } from '../../shared/rows/ingestion-row.js';
import type { ArrivalNotifier } from '../queue/arrival-notifier.js';
import { sliceOfChunks } from '../queue/id-chunks.js';
import { lockClients } from '../queue/client-pending-counter.js';
import { PrecedingIngestions } from './preceding-ingestions.js';
import { QueuePositions } from '../queue/queue-position.js';
import { IngestionChanges } from './change-ingestion.js';
import { toAcceptances, firstOfEachKey } from './accept-results.js';
import { insertCallbacks } from './insert-callbacks.js';
import { isAnyLimited, acceptGroup, type AcceptedRow } from './accept-group.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { isNotNullViolation } from '../database/postgres-errors.js';
import { statement, type Row, type Statement, type BoundStatement } from '../database/statement.js';
import { pruneKeys, claimKeys } from './idempotency-keys.js';

const PRUNE_INTERVAL_MS = 250;

type StartedBatchRow = readonly [number, number, number, number, number, string | null];

interface PageRow extends IngestionRow {
  readonly begun: readonly StartedBatchRow[] | null;
}

/** Stores ingestions in PostgreSQL. */
export class PostgresIngestionRepository implements IngestionRepository {
  private readonly selectHead: Statement<IngestionRow>;
  private readonly selectHeads: Statement<IngestionRow>;
  private readonly preceding: PrecedingIngestions;
  private readonly selectPage: Statement<PageRow>;
  private readonly countLabels: Statement<{ lists: number }>;
  private readonly selectLatest: Statement<{ seq: number }>;
  private readonly selectIds: Statement<{ packed_ids: Uint8Array }>;
  private readonly changes: IngestionChanges;
  private readonly positions: QueuePositions;
  private prunedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly arrivalNotifier: ArrivalNotifier,
    private readonly clock: Clock,
    private readonly laneIds: LaneIds,
  ) {
    this.changes = new IngestionChanges(database, schema);
    this.positions = new QueuePositions(database, schema, laneIds);
    const columns = ingestionColumns(`${schema}.gate`);
    this.selectHead = statement(`SELECT ${columns} FROM ${schema}.ingestion WHERE ingestion_id = $1::uuid`);
    this.selectHeads = statement(
      `SELECT ${columns} FROM ${schema}.ingestion WHERE ingestion_id = ANY ($1::uuid[])`,
    );
    this.preceding = new PrecedingIngestions(schema);
    // One statement, so that everything is read at the same moment.
    this.selectPage = statement(`
      SELECT ${columns},
             (SELECT json_agg(json_build_array(first, size, batch.completed, batch.failed, batch.cancelled, error) ORDER BY batch_no)
              FROM ${schema}.batch
              WHERE batch.seq = ingestion.seq AND batch_no >= $2::bigint AND batch_no < $2::bigint + $3::bigint) AS begun
      FROM ${schema}.ingestion WHERE ingestion_id = $1::uuid
    `);
    this.countLabels = statement(`
      SELECT (
        SELECT count(*) FROM (SELECT FROM ${schema}.label WHERE label.label = given.label LIMIT $2::bigint) AS found
      ) AS lists
      FROM unnest($1::text[]) WITH ORDINALITY AS given (label, label_no) ORDER BY label_no
    `);
    this.selectLatest = statement(`SELECT coalesce(max(seq), 0) AS seq FROM ${schema}.ingestion`);
    this.selectIds = statement(`
      SELECT ${sliceOfChunks(schema, 'slice')} AS packed_ids
      FROM (
        SELECT seq, $2::int AS first, $3::int AS size FROM ${schema}.ingestion WHERE ingestion_id = $1::uuid
      ) AS slice
    `);
  }

  async acceptAll(group: readonly NewIngestion[]): Promise<Acceptance[]> {
    const asked = firstOfEachKey(group);
    const lanes = new Map<string, number>();
    for (const name of new Set(asked.map(({ lane }) => lane))) {
      lanes.set(name, (await this.laneIds.find(name)).laneNo);
    }
    const isKeyed = asked.some(({ idempotency }) => idempotency !== undefined);
    const before = [
      ...(isKeyed ? [claimKeys(this.schema, asked)] : []),
      ...(isAnyLimited(asked) ? [lockClients(this.schema, asked)] : []),
    ];
    const [rows = []] = (
      await this.acceptOnce([
        ...before,
        acceptGroup(this.schema, asked, lanes),
        ...insertCallbacks(this.schema, asked),
        ...this.pruneIfDue(),
        ...this.arrivalNotifier.steps(),
      ])
    ).slice(before.length);
    return toAcceptances(group, asked, rows as unknown as readonly AcceptedRow[]);
  }

  async findMany(ingestionIds: readonly string[]): Promise<IngestionRecord[]> {
    const rows = await this.database.read(this.selectHeads, [ingestionIds.filter((id) => validate(id))]);
    return rows.map(toIngestionRecord);
  }

  async findPreceding(
    place: IngestionCursor,
    earliestMs: number,
    limit: number,
    filter: IngestionIndexFilter,
  ): Promise<IngestionRecord[]> {
    return this.preceding.find(this.database, place, earliestMs, limit, filter);
  }

  async countLabelled(labels: readonly string[], limit: number): Promise<readonly number[]> {
    const rows = await this.database.read(this.countLabels, [labels, limit]);
    return rows.map(({ lists }) => lists);
  }

  async latestNumber(): Promise<number> {
    const [row] = await this.database.read(this.selectLatest);
    return row?.seq ?? 0;
  }

  async findWithBatches(ingestionId: string, from: number, limit: number): Promise<IngestionPage | null> {
    const row = await this.select(this.selectPage, ingestionId, [from, limit]);
    return row && { ingestion: toIngestionRecord(row), started: (row.begun ?? []).map(toStartedBatch) };
  }

  /** A list that falls due gets a new number, so the id alone locates it. */
  async readIds({ ingestionId }: IngestionKey, first: number, size: number): Promise<Uint8Array | null> {
    const [row] = await this.database.read(this.selectIds, [ingestionId, first, size]);
    return row === undefined ? null : row.packed_ids;
  }

  async findById(ingestionId: string): Promise<IngestionRecord | null> {
    const row = await this.select(this.selectHead, ingestionId);
    return row && toIngestionRecord(row);
  }

  positionOf(lane: string, priority: Priority, seq: number | null): Promise<QueuePosition> {
    return this.positions.positionOf(lane, priority, seq);
  }

  cancelStep(ingestionId: string, limit: number, audit?: AuditEntry): Promise<StepResult> {
    return this.changes.cancelStep(ingestionId, limit, audit);
  }

  reprioritizeStep(
    ingestionId: string,
    priority: Priority,
    limit: number,
    audit?: AuditEntry,
  ): Promise<StepResult> {
    return this.changes.reprioritizeStep(ingestionId, priority, limit, audit);
  }

  private async acceptOnce(steps: readonly BoundStatement[]): Promise<Row[][]> {
    try {
      return await this.database.writeAll(steps);
    } catch (error) {
      throw isNotNullViolation(error)
        ? new StoreUnavailableError('a staged ingestion was abandoned', { cause: error })
        : error;
    }
  }

  private async select<R>(
    select: Statement<R>,
    ingestionId: string,
    values: readonly unknown[] = [],
  ): Promise<R | null> {
    if (!validate(ingestionId)) {
      return null;
    }
    const [row] = await this.database.read(select, [ingestionId, ...values]);
    return row ?? null;
  }

  private pruneIfDue(): BoundStatement[] {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.prunedAtMs < PRUNE_INTERVAL_MS) {
      return [];
    }
    this.prunedAtMs = nowMs;
    return [pruneKeys(this.schema)];
  }
}

function toStartedBatch([first, size, completed, failed, cancelled, error]: StartedBatchRow): StartedBatch {
  return { first, size, completed, failed, cancelled, error };
}
