import type {
  DeadLetter,
  DeadLetterCounts,
  DeadLetterCursor,
  DeadLetterFilter,
  DeadLetterRepository,
  DeadLetterScan,
  DeadLetterTallies,
  FailedAttempt,
  RedriveFilter,
} from '../../../operations/dead-letters/dead-letter.repository.js';
import type { AuditEntry } from '../../../domain/audit.js';
import { ATTEMPT_ERROR_KINDS, type AttemptErrorKind } from '../../../domain/dispatch.js';
import { redriveConditions } from '../../shared/filters.js';
import { toDeadLetter, type DeadLetterRow } from '../../shared/rows/dead-letter-row.js';
import { buildWhere, type Dialect } from '../../shared/where.js';
import { toAuditValue } from '../audit/audit-log.js';
import { sliceOfChunks } from '../queue/id-chunks.js';
import type { PostgresDatabase } from '../database/database.js';
import { postgresDialect } from '../database/dialect.js';
import { DeadLetterSearch } from './dead-letter-search.js';
import { discard } from './discard.js';
import { redrive } from './redrive.js';
import { statement, type Statement } from '../database/statement.js';

interface LetterRow extends DeadLetterRow {
  readonly packed_id: Uint8Array;
  readonly attempts: readonly [number, AttemptErrorKind, string][] | null;
}

/** Stores dead letters in PostgreSQL. */
export class PostgresDeadLetterRepository implements DeadLetterRepository {
  private readonly dialect: Dialect<string>;
  private readonly search: DeadLetterSearch;
  private readonly selectLetters: Statement<LetterRow>;
  private readonly selectNewest: Statement<{ newest: number }>;
  private readonly countKinds: Statement<{ kind: AttemptErrorKind; letters: number }>;
  private readonly discard: Statement<{ discarded: number }>;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
  ) {
    this.dialect = postgresDialect(schema);
    this.search = new DeadLetterSearch(database, schema);
    this.selectLetters = selectLetters(schema);
    this.discard = discard(schema);
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

  scan(filter: DeadLetterFilter, before: DeadLetterCursor | null, limit: number): Promise<DeadLetterScan> {
    return this.search.scan(filter, before, limit);
  }

  tally(
    filter: DeadLetterFilter,
    before: DeadLetterCursor | null,
    limit: number,
  ): Promise<DeadLetterTallies> {
    return this.search.tally(filter, before, limit);
  }

  async read(numbers: readonly number[]): Promise<DeadLetter[]> {
    const rows = await this.database.read(this.selectLetters, [numbers]);
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

  async redrive(filter: RedriveFilter, upTo: number, limit: number, audit?: AuditEntry): Promise<number> {
    const seqColumn = filter.position === undefined ? '(seq + 0)' : 'seq'; // as the index that is to be used
    const { sql, values } = buildWhere(this.dialect, redriveConditions(filter, this.dialect, seqColumn), 4);
    const bound = [upTo, limit, toAuditValue(audit), filter.lanes ?? null, ...values];
    const [row] = await this.database.write(redrive(this.schema, sql), bound);
    return row?.redriven ?? 0;
  }

  async redriveNumbers(
    numbers: readonly number[],
    { lanes }: Pick<RedriveFilter, 'lanes'> = {},
    audit?: AuditEntry,
  ): Promise<number> {
    const condition = 'AND dead_letter_no = ANY ($5::bigint[])';
    const bound = [Number.MAX_SAFE_INTEGER, numbers.length, toAuditValue(audit), lanes ?? null, numbers];
    const [row] = await this.database.write(redrive(this.schema, condition), bound);
    return row?.redriven ?? 0;
  }

  async discardNumbers(numbers: readonly number[], audit?: AuditEntry): Promise<number> {
    const [row] = await this.database.write(this.discard, [numbers, toAuditValue(audit)]);
    return row?.discarded ?? 0;
  }
}

/** Selects the dead letters with the numbers $1, in their order. */
function selectLetters(schema: string): Statement<LetterRow> {
  return statement(`
    SELECT dead_letter_no, ingestion_id, rank, batch_no, position, kind, message, died_at, upstream_status,
           (SELECT lane FROM ${schema}.gate WHERE gate.lane_no = its.lane_no) AS lane, its.client, labels,
           ${sliceOfChunks(schema, 'letter')} AS packed_id,
           (SELECT json_agg(json_build_array(attempted_at, attempt.kind, attempt.message) ORDER BY dispatch_no)
            FROM ${schema}.failed_attempt AS attempt
            WHERE attempt.seq = letter.seq AND attempt.position = letter.position) AS attempts
    FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (number, place)
    CROSS JOIN LATERAL (
      SELECT *, position AS first, 1 AS size FROM ${schema}.dead_letter WHERE dead_letter_no = wanted.number LIMIT 1
    ) AS letter
    CROSS JOIN LATERAL (
      SELECT ingestion_id, rank, lane_no, client, labels FROM ${schema}.ingestion
      WHERE ingestion.seq = letter.seq LIMIT 1
    ) AS its
    ORDER BY place
  `);
}

function toAttempts({ attempts }: LetterRow): FailedAttempt[] {
  return (attempts ?? []).map(([attemptedAtMs, kind, message]) => ({ attemptedAtMs, kind, message }));
}
