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
import { ATTEMPT_ERROR_KINDS } from '../../../domain/dispatch.js';
import type { Clock } from '../../../domain/clock.js';
import { redriveConditions } from '../../shared/filters.js';
import { toDeadLetter, type DeadLetterRow } from '../../shared/rows/dead-letter-row.js';
import { buildWhere } from '../../shared/where.js';
import type { AuditLog } from '../audit/audit-log.js';
import { IdChunks } from '../queue/id-chunks.js';
import type { Timestamps } from '../queue/write-transitions.js';
import { DeadLetterSearch } from './dead-letter-search.js';
import { Discard } from './discard.js';
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
  private readonly search: DeadLetterSearch;
  private readonly redriveOne: Redrive;
  private readonly discardOne: Discard;
  private readonly selectLetter: PreparedStatement<DeadLetterRow & { seq: number }>;
  private readonly selectRedrivable: PreparedStatement<RedrivenRow>;
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
    this.search = new DeadLetterSearch(database);
    this.redriveOne = new Redrive(database);
    this.discardOne = new Discard(database);
    this.selectLetter = database.prepare(`
      SELECT dead_letter_no, seq, ingestion_id, rank, batch_no, position, kind, message, died_at, upstream_status,
             (SELECT lane FROM gate WHERE gate.lane_no = letter.lane_no) AS lane, ingestion.client, labels
      FROM dead_letter AS letter JOIN ingestion USING (seq) WHERE dead_letter_no = ?
    `);
    this.selectRedrivable = database.prepare(`
      SELECT dead_letter_no, seq, batch_no, position FROM dead_letter JOIN ingestion USING (seq)
      WHERE dead_letter_no = :number AND ${mayBeSent(':wallMs', ':lanes')}
    `);
    this.selectAttempts = database.prepare(`
      SELECT attempted_at AS attemptedAtMs, kind, message
      FROM failed_attempt WHERE seq = ? AND position = ? ORDER BY dispatch_no
    `);
    this.selectNewest = database.prepare('SELECT max(dead_letter_no) AS newest FROM dead_letter');
    this.countOfKind = database.prepare(
      'SELECT count(*) AS letters FROM (SELECT 1 FROM dead_letter WHERE kind = ? LIMIT ?)',
    );
  }

  async scan(
    filter: DeadLetterFilter,
    before: DeadLetterCursor | null,
    limit: number,
  ): Promise<DeadLetterScan> {
    return this.database.read(() => this.search.scan(filter, before, limit));
  }

  async tally(
    filter: DeadLetterFilter,
    before: DeadLetterCursor | null,
    limit: number,
  ): Promise<DeadLetterTallies> {
    return this.database.read(() => this.search.tally(filter, before, limit));
  }

  async read(numbers: readonly number[]): Promise<DeadLetter[]> {
    return this.database.read(() =>
      numbers.flatMap((number) => {
        const row = this.selectLetter.get(number);
        return row === undefined
          ? []
          : toDeadLetter(
              row,
              this.chunks.read(row.seq, row.position, 1),
              this.selectAttempts.all(row.seq, row.position),
            );
      }),
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

  async redrive(filter: RedriveFilter, upTo: number, limit: number, audit?: AuditEntry): Promise<number> {
    const { sql, values } = buildWhere(SQLITE_DIALECT, redriveConditions(filter, SQLITE_DIALECT), 4);
    return this.redriveRows(
      ({ wallMs }) =>
        this.database
          .prepareOnce<RedrivenRow>(
            `
            SELECT dead_letter_no, seq, batch_no, position
            FROM dead_letter JOIN ingestion USING (seq)
            WHERE dead_letter_no <= ?1 AND ${mayBeSent('?3', '?4')} ${sql}
            ORDER BY died_at, dead_letter_no LIMIT ?2
          `,
          )
          .all(upTo, limit, wallMs, toLanes(filter), ...values),
      audit,
    );
  }

  async redriveNumbers(
    numbers: readonly number[],
    filter: Pick<RedriveFilter, 'lanes'> = {},
    audit?: AuditEntry,
  ): Promise<number> {
    const lanes = toLanes(filter);
    return this.redriveRows(
      ({ wallMs }) => numbers.flatMap((number) => this.selectRedrivable.all({ number, wallMs, lanes })),
      audit,
    );
  }

  async discardNumbers(numbers: readonly number[], audit?: AuditEntry): Promise<number> {
    return this.database.write(() => {
      const discarded = numbers.filter((number) => this.discardOne.run(number)).length;
      if (discarded > 0) {
        this.auditLog.record(audit, { affected: discarded });
      }
      return discarded;
    });
  }

  private redriveRows(
    select: (moment: Timestamps) => readonly RedrivenRow[],
    audit: AuditEntry | undefined,
  ): number {
    const moment = { nowMs: this.time.nowMs(), wallMs: this.clock.wallMs() };
    return this.database.write(() => {
      this.time.persist();
      const rows = select(moment);
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

/**
 * SQL for ingestions whose ids may be sent again at a wall time, in lanes of a JSON array; NULL means all lanes. The plus
 * keeps the planner from an index of lanes.
 */
function mayBeSent(wallMs: string, lanes: string): string {
  return `cancelled_at IS NULL AND (expires_at IS NULL OR expires_at > ${wallMs})
        AND (${lanes} IS NULL OR +ingestion.lane_no IN (
          SELECT lane_no FROM gate WHERE lane IN (SELECT value FROM json_each(${lanes}))))`;
}

function toLanes({ lanes }: Pick<RedriveFilter, 'lanes'>): string | null {
  return lanes === undefined ? null : JSON.stringify(lanes);
}
