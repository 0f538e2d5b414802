import type {
  DeadLetter,
  DeadLetterCounts,
  DeadLetterFilter,
  DeadLetterRepository,
  FailedAttempt,
} from '../../../operations/dead-letters/dead-letter.repository.js';
import type { AuditEntry } from '../../../domain/audit.js';
import { ATTEMPT_ERROR_KINDS, type AttemptErrorKind } from '../../../domain/dispatch.js';
import { deadLetterConditions } from '../../shared/filters.js';
import { toDeadLetter, type DeadLetterRow } from '../../shared/rows/dead-letter-row.js';
import { buildWhere, type Dialect } from '../../shared/where.js';
import { toAuditValue } from '../audit/audit-log.js';
import { sliceOfChunks } from '../queue/id-chunks.js';
import type { PostgresDatabase } from '../database/database.js';
import { postgresDialect } from '../database/dialect.js';
import { redrive } from './redrive.js';
import { statement, type Statement } from '../database/statement.js';

interface PageRow extends DeadLetterRow {
  readonly packed_id: Uint8Array;
  readonly attempts: readonly [number, AttemptErrorKind, string][] | null;
}

/** Stores dead letters in PostgreSQL. */
export class PostgresDeadLetterRepository implements DeadLetterRepository {
  private readonly dialect: Dialect<string>;
  private readonly selectNewest: Statement<{ newest: number }>;
  private readonly countKinds: Statement<{ kind: AttemptErrorKind; letters: number }>;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
  ) {
    this.dialect = postgresDialect(schema);
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
    const { sql, values } = buildWhere(this.dialect, deadLetterConditions(filter, this.dialect), 2);
    const rows = await this.database.read(selectPage(this.schema, sql), [
      before ?? Number.MAX_SAFE_INTEGER,
      limit,
      ...values,
    ]);
    return rows.map((row) => toDeadLetter(row, row.packed_id, toAttempts(row)));
  }

  async countByKind(maxPerKind: number): Promise<DeadLetterCounts> {
    const rows = await this.database.read(this.countKinds, [ATTEMPT_ERROR_KINDS, maxPerKind]);
    const counts = rows.map(({ kind, letters }) => [kind, letters]);
    return Object.fromEntries(counts) as DeadLetterCounts;
  }

  async latestNumber(): Promise<number> {
    const [row] = await this.database.read(this.selectNewest);
    return row?.newest ?? 0;
  }

  async redrive(filter: DeadLetterFilter, upTo: number, limit: number, audit?: AuditEntry): Promise<number> {
    const { sql, values } = buildWhere(this.dialect, deadLetterConditions(filter, this.dialect), 3);
    const bound = [upTo, limit, toAuditValue(audit), ...values];
    const [row] = await this.database.write(redrive(this.schema, sql), bound);
    return row?.redriven ?? 0;
  }
}

/** Selects a page: rows with a number below $1, at most $2 of them. */
function selectPage(schema: string, conditions: string): Statement<PageRow> {
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

function toAttempts({ attempts }: PageRow): FailedAttempt[] {
  return (attempts ?? []).map(([attemptedAtMs, kind, message]) => ({ attemptedAtMs, kind, message }));
}
