import type {
  DeadLetter,
  DeadLetterCounts,
  DeadLetterFilter,
  DeadLetterRepository,
  FailedAttempt,
} from '../../../operations/dead-letters/dead-letter.repository.js';
import type { AuditEntry } from '../../../domain/audit.js';
import { ATTEMPT_ERROR_KINDS } from '../../../domain/dispatch.js';
import type { Clock } from '../../../domain/clock.js';
import { deadLetterConditions } from '../../shared/filters.js';
import { toDeadLetter, type DeadLetterRow } from '../../shared/rows/dead-letter-row.js';
import { buildWhere } from '../../shared/where.js';
import type { AuditLog } from '../audit/audit-log.js';
import { IdChunks } from '../queue/id-chunks.js';
import { Redrive } from './redrive.js';
import type { SqliteDatabase } from '../database/database.js';
import { SQLITE_DIALECT } from '../database/dialect.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { StoreClock } from '../database/store-clock.js';

/** A dead letter to redrive. */
interface RedrivenRow {
  readonly dead_letter_no: number;
  readonly seq: number;
  readonly batch_no: number;
  readonly position: number;
}

/** Stores dead letters in the embedded store. */
export class SqliteDeadLetterRepository implements DeadLetterRepository {
  private readonly chunks: IdChunks;
  private readonly redriveOne: Redrive;
  private readonly selectAttempts: PreparedStatement<FailedAttempt>;
  private readonly selectNewest: PreparedStatement<{ newest: number | null }>;
  private readonly countOfKind: PreparedStatement<{ letters: number }>;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly clock: Clock,
    private readonly auditLog: AuditLog,
  ) {
    this.chunks = new IdChunks(database);
    this.redriveOne = new Redrive(database);
    this.selectAttempts = database.prepare(`
      SELECT attempted_at AS attemptedAtMs, kind, message
      FROM failed_attempt WHERE seq = ? AND position = ? ORDER BY dispatch_no
    `);
    this.selectNewest = database.prepare('SELECT max(dead_letter_no) AS newest FROM dead_letter');
    this.countOfKind = database.prepare(
      'SELECT count(*) AS letters FROM (SELECT 1 FROM dead_letter WHERE kind = ? LIMIT ?)',
    );
  }

  async list(filter: DeadLetterFilter, before: number | null, limit: number): Promise<DeadLetter[]> {
    const { sql, values } = buildWhere(SQLITE_DIALECT, deadLetterConditions(filter, SQLITE_DIALECT), 2);
    return this.database.read(() =>
      this.database
        .prepareOnce<DeadLetterRow & { seq: number }>(
          `
          SELECT dead_letter_no, seq, ingestion_id, rank, batch_no, position, kind, message, died_at
          FROM dead_letter JOIN ingestion USING (seq)
          WHERE dead_letter_no < ?1 ${sql}
          ORDER BY dead_letter_no DESC LIMIT ?2
        `,
        )
        .all(before ?? Number.MAX_SAFE_INTEGER, limit, ...values)
        .map((row) =>
          toDeadLetter(
            row,
            this.chunks.read(row.seq, row.position, 1),
            this.selectAttempts.all(row.seq, row.position),
          ),
        ),
    );
  }

  async countByKind(maxPerKind: number): Promise<DeadLetterCounts> {
    return this.database.read(() => {
      const counts = ATTEMPT_ERROR_KINDS.map((kind) => [
        kind,
        this.countOfKind.get(kind, maxPerKind)?.letters ?? 0,
      ]);
      return Object.fromEntries(counts) as DeadLetterCounts;
    });
  }

  async latestNumber(): Promise<number> {
    return this.database.read(() => this.selectNewest.get()?.newest ?? 0);
  }

  async redrive(filter: DeadLetterFilter, upTo: number, limit: number, audit?: AuditEntry): Promise<number> {
    const moment = { nowMs: this.time.nowMs(), wallMs: this.clock.wallMs() };
    const { sql, values } = buildWhere(SQLITE_DIALECT, deadLetterConditions(filter, SQLITE_DIALECT), 2);
    return this.database.write(() => {
      this.time.persist();
      const rows = this.database
        .prepareOnce<RedrivenRow>(
          `
          SELECT dead_letter_no, seq, batch_no, position
          FROM dead_letter JOIN ingestion USING (seq)
          WHERE dead_letter_no <= ?1 AND cancelled_at IS NULL ${sql}
          ORDER BY dead_letter_no LIMIT ?2
        `,
        )
        .all(upTo, limit, ...values);
      for (const { dead_letter_no: deadLetterNo, seq, batch_no: batchNo, position } of rows) {
        this.redriveOne.run({ deadLetterNo, seq, batchNo, position }, moment);
      }
      if (rows.length > 0) {
        this.auditLog.record(audit, { affected: rows.length });
      }
      return rows.length;
    });
  }
}
