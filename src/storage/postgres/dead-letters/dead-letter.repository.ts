import { validate } from 'uuid';
import type {
  DeadLetter,
  DeadLetterCounts,
  DeadLetterFilter,
  DeadLetterRepository,
  FailedAttempt,
} from '../../../operations/dead-letters/dead-letter.repository.js';
import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import { ATTEMPT_ERROR_KINDS, type AttemptErrorKind } from '../../../domain/dispatch.js';
import { sliceOfChunks } from '../queue/id-chunks.js';
import type { PostgresDatabase } from '../database/database.js';
import { redrive } from './redrive.js';
import { statement, type Statement } from '../database/statement.js';

interface DeadLetterRow {
  readonly dead_letter_no: number;
  readonly ingestion_id: string;
  readonly rank: PriorityRank;
  readonly batch_no: number;
  readonly position: number;
  readonly kind: AttemptErrorKind;
  readonly message: string;
  readonly died_at: number;
  readonly packed_id: Uint8Array;
  readonly attempts: readonly [number, AttemptErrorKind, string][] | null;
}

/** SQL for the given filters, with their values, which follow `$2`. */
interface Conditions {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Stores dead letters in PostgreSQL. */
export class PostgresDeadLetterRepository implements DeadLetterRepository {
  private readonly selectNewest: Statement;
  private readonly countKinds: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
  ) {
    this.selectNewest = statement(
      `SELECT coalesce(max(dead_letter_no), 0) AS newest FROM ${schema}.dead_letter`,
    );
    // BETWEEN, not =: if one kind has most rows, the planner assumes that every kind is frequent and reads the whole
    // table
    this.countKinds = statement(`
      SELECT kind, (
        SELECT count(*) FROM (
          SELECT FROM ${schema}.dead_letter
          WHERE dead_letter.kind BETWEEN wanted.kind AND wanted.kind LIMIT $2::bigint
        ) AS counted
      ) AS letters
      FROM unnest($1::text[]) AS wanted (kind)
    `);
  }

  async list(filter: DeadLetterFilter, before: number | null, limit: number): Promise<DeadLetter[]> {
    const { sql, values } = this.conditionsOf(filter);
    const rows = await this.database.read(selectPage(this.schema, sql), [
      before ?? Number.MAX_SAFE_INTEGER,
      limit,
      ...values,
    ]);
    return (rows as unknown as readonly DeadLetterRow[]).map(toDeadLetter);
  }

  async countByKind(maxPerKind: number): Promise<DeadLetterCounts> {
    const rows = await this.database.read(this.countKinds, [ATTEMPT_ERROR_KINDS, maxPerKind]);
    const counts = rows.map((row) => [String(row['kind']), Number(row['letters'])]);
    return Object.fromEntries(counts) as DeadLetterCounts;
  }

  async latestNumber(): Promise<number> {
    const [row] = await this.database.read(this.selectNewest);
    return Number(row?.['newest'] ?? 0);
  }

  async redrive(filter: DeadLetterFilter, upTo: number, limit: number): Promise<number> {
    const { sql, values } = this.conditionsOf(filter);
    const [row] = await this.database.write(redrive(this.schema, sql), [upTo, limit, ...values]);
    return Number(row?.['redriven'] ?? 0);
  }

  /** Builds the conditions. An unknown ingestion matches nothing. */
  private conditionsOf({ ingestionId, position, kind }: DeadLetterFilter): Conditions {
    const values: unknown[] = [];
    const next = (value: unknown): string => `$${String(values.push(value) + 2)}`;
    const sql = [
      ...(ingestionId === undefined
        ? []
        : [
            `AND seq = (SELECT seq FROM ${this.schema}.ingestion
              WHERE ingestion_id = ${next(validate(ingestionId) ? ingestionId : null)}::uuid)`,
          ]),
      ...(position === undefined ? [] : [`AND position = ${next(position)}::int`]),
      ...(kind === undefined ? [] : [`AND kind = ${next(kind)}::text`]),
    ].join(' ');
    return { sql, values };
  }
}

/** Selects a page: rows with a number below $1, at most $2 of them. */
function selectPage(schema: string, conditions: string): Statement {
  return statement(`
    SELECT dead_letter_no, ingestion_id, rank, batch_no, position, kind, message, died_at,
           ${sliceOfChunks(schema, 'letter')} AS packed_id,
           (SELECT json_agg(json_build_array(attempted_at, attempt.kind, attempt.message) ORDER BY dispatch_no)
            FROM ${schema}.failed_attempt AS attempt
            WHERE attempt.seq = letter.seq AND attempt.position = letter.position) AS attempts
    FROM (
      SELECT *, position AS first, 1 AS size FROM ${schema}.dead_letter
      WHERE dead_letter_no < $1::bigint ${conditions}
    ) AS letter
    CROSS JOIN LATERAL (
      SELECT ingestion_id, rank FROM ${schema}.ingestion WHERE ingestion.seq = letter.seq LIMIT 1
    ) AS its
    ORDER BY dead_letter_no DESC LIMIT $2::bigint
  `);
}

function toDeadLetter(row: DeadLetterRow): DeadLetter {
  return {
    deadLetterNo: row.dead_letter_no,
    ingestionId: row.ingestion_id,
    batchNo: row.batch_no,
    position: row.position,
    packedId: row.packed_id,
    priority: toPriority(row.rank),
    kind: row.kind,
    message: row.message,
    failedAtMs: row.died_at,
    attempts: (row.attempts ?? []).map(([attemptedAtMs, kind, message]): FailedAttempt => ({
      attemptedAtMs,
      kind,
      message,
    })),
  };
}
