import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { parse, stringify, validate } from 'uuid';
import type {
  DeadLetter,
  DeadLetterCounts,
  DeadLetterFilter,
  DeadLetterRepository,
  FailedAttempt,
} from '../../../operations/dead-letters/dead-letter.repository.js';
import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import { ATTEMPT_ERROR_KINDS, type AttemptErrorKind } from '../../../domain/dispatch.js';
import type { Clock } from '../../../domain/clock.js';
import { IdChunks } from '../queue/id-chunks.js';
import { Redrive } from './redrive.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';

interface DeadLetterRow {
  dead_letter_no: number;
  seq: number;
  ingestion_id: Uint8Array;
  rank: PriorityRank;
  batch_no: number;
  position: number;
  kind: AttemptErrorKind;
  message: string;
  died_at: number;
}

/** The SQL condition of each filter. An unknown ingestion matches nothing. */
const CONDITIONS: Readonly<Record<keyof DeadLetterFilter, string>> = {
  ingestionId: 'AND seq = (SELECT seq FROM ingestion WHERE ingestion_id = :ingestionId)',
  position: 'AND position = :position',
  kind: 'AND kind = :kind',
};

/** Stores dead letters in the embedded store. */
export class SqliteDeadLetterRepository implements DeadLetterRepository {
  private readonly chunks: IdChunks;
  private readonly redriveOne: Redrive;
  private readonly selectAttempts: StatementSync;
  private readonly selectNewest: StatementSync;
  private readonly countOfKind: StatementSync;
  /** Statements by their SQL: each combination of filters has its own, so that each uses its index. */
  private readonly filtered = new Map<string, StatementSync>();

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly clock: Clock,
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
    return this.database.read(() => {
      const select = this.prepareFiltered(
        filter,
        (conditions) => `
          SELECT dead_letter_no, seq, ingestion_id, rank, batch_no, position, kind, message, died_at
          FROM dead_letter JOIN ingestion USING (seq)
          WHERE dead_letter_no < :before ${conditions}
          ORDER BY dead_letter_no DESC LIMIT :limit
        `,
      );
      const rows = select.all({
        ...parametersOf(filter),
        before: before ?? Number.MAX_SAFE_INTEGER,
        limit,
      }) as unknown as DeadLetterRow[];
      return rows.map((row) => this.toDeadLetter(row));
    });
  }

  async countByKind(maxPerKind: number): Promise<DeadLetterCounts> {
    return this.database.read(() => {
      const counts = ATTEMPT_ERROR_KINDS.map((kind) => [
        kind,
        Number(this.countOfKind.get(kind, maxPerKind)?.['letters'] ?? 0),
      ]);
      return Object.fromEntries(counts) as DeadLetterCounts;
    });
  }

  async latestNumber(): Promise<number> {
    return this.database.read(() => Number(this.selectNewest.get()?.['newest'] ?? 0));
  }

  async redrive(filter: DeadLetterFilter, upTo: number, limit: number): Promise<number> {
    const moment = { nowMs: this.time.nowMs(), wallMs: this.clock.wallMs() };
    return this.database.write(() => {
      this.time.persist();
      const select = this.prepareFiltered(
        filter,
        (conditions) => `
          SELECT dead_letter_no, seq, batch_no, position
          FROM dead_letter JOIN ingestion USING (seq)
          WHERE dead_letter_no <= :upTo AND cancelled_at IS NULL ${conditions}
          ORDER BY dead_letter_no LIMIT :limit
        `,
      );
      const rows = select.all({ ...parametersOf(filter), upTo, limit }) as unknown as DeadLetterRow[];
      for (const { dead_letter_no: deadLetterNo, seq, batch_no: batchNo, position } of rows) {
        this.redriveOne.run({ deadLetterNo, seq, batchNo, position }, moment);
      }
      return rows.length;
    });
  }

  private prepareFiltered(filter: DeadLetterFilter, sqlOf: (conditions: string) => string): StatementSync {
    const sql = sqlOf(
      [
        filter.ingestionId === undefined ? '' : CONDITIONS.ingestionId,
        filter.position === undefined ? '' : CONDITIONS.position,
        filter.kind === undefined ? '' : CONDITIONS.kind,
      ].join(' '),
    );
    const statement = this.filtered.get(sql) ?? this.database.prepare(sql);
    this.filtered.set(sql, statement);
    return statement;
  }

  private toDeadLetter(row: DeadLetterRow): DeadLetter {
    return {
      deadLetterNo: row.dead_letter_no,
      ingestionId: stringify(row.ingestion_id),
      batchNo: row.batch_no,
      position: row.position,
      packedId: this.chunks.read(row.seq, row.position, 1),
      priority: toPriority(row.rank),
      kind: row.kind,
      message: row.message,
      failedAtMs: row.died_at,
      attempts: this.selectAttempts.all(row.seq, row.position) as unknown as FailedAttempt[],
    };
  }
}

function parametersOf({ ingestionId, position, kind }: DeadLetterFilter): Record<string, SQLInputValue> {
  return {
    ...(ingestionId !== undefined && { ingestionId: validate(ingestionId) ? parse(ingestionId) : null }),
    ...(position !== undefined && { position }),
    ...(kind !== undefined && { kind }),
  };
}
