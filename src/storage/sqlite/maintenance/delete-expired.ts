import type { Clock } from '../../../domain/clock.js';
import { StagedIngestions } from '../ingestion/staged-ingestions.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { StoreClock } from '../database/store-clock.js';
import { IngestionRemoval } from './ingestion-removal.js';

/** Maximum number of rows removed in one transaction: a few milliseconds of work. */
const ROWS_PER_STEP = 1000;

/** Statements that each remove up to :limit rows of an ingestion from one table. */
const REMOVE_BELONGINGS = [
  `DELETE FROM chunk WHERE chunk_key IN (
     SELECT chunk_key FROM chunk
     WHERE chunk_key BETWEEN (:seq << 20) AND (:seq << 20 | 0xfffff) LIMIT :limit)`,
  `DELETE FROM batch WHERE seq = :seq AND batch_no IN (
     SELECT batch_no FROM batch WHERE seq = :seq ORDER BY batch_no LIMIT :limit)`,
  `DELETE FROM failed_attempt WHERE seq = :seq AND position IN (
     SELECT position FROM failed_attempt WHERE seq = :seq ORDER BY position LIMIT :limit)`,
  `DELETE FROM dead_letter WHERE dead_letter_no IN (
     SELECT dead_letter_no FROM dead_letter WHERE seq = :seq LIMIT :limit)`,
  `DELETE FROM discarded_id WHERE seq = :seq AND position IN (
     SELECT position FROM discarded_id WHERE seq = :seq ORDER BY position LIMIT :limit)`,
  'DELETE FROM callback WHERE seq = :seq AND :limit > 0',
  'DELETE FROM label WHERE seq = :seq AND :limit > 0',
  `DELETE FROM dispatch_part WHERE (dispatch_no, part_no) IN (
     SELECT dispatch_no, part_no FROM dispatch_part WHERE seq = :seq LIMIT :limit)`,
] as const;

/**
 * A result may fill many pages, and SQLite reads all of them to free them, so each page counts as one row of a step.
 */
const SELECT_RESULTS = `
  SELECT first, 1 + bytes / 4096 AS weight FROM result WHERE seq = ? ORDER BY first
`;

/** Removes expired data in small steps. SQLite reuses free pages before the file grows. */
export class ExpiredData {
  private readonly selectFinished: PreparedStatement;
  private readonly selectRemoval: PreparedStatement;
  private readonly endRemoval: PreparedStatement;
  private readonly removeBelongings: readonly PreparedStatement[];
  private readonly hasExpiredDelivery: PreparedStatement;
  private readonly removeDeliveries: PreparedStatement;
  private readonly selectResults: PreparedStatement;
  private readonly removeResults: PreparedStatement;
  private readonly selectDispatches: PreparedStatement<{ dispatch_no: number; ended_at: number | null }>;
  private readonly removeDispatch: PreparedStatement;
  private readonly removeParts: PreparedStatement;
  private readonly stagedIngestions: StagedIngestions;
  private readonly removal: IngestionRemoval;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly clock: Clock,
  ) {
    this.selectFinished = database.prepare(
      'SELECT seq FROM ingestion WHERE finished_at <= ? ORDER BY finished_at LIMIT 1',
    );
    this.selectRemoval = database.prepare('SELECT seq FROM removal LIMIT 1');
    this.endRemoval = database.prepare('DELETE FROM removal WHERE seq = ?');
    this.removeBelongings = REMOVE_BELONGINGS.map((sql) => database.prepare(sql));
    this.hasExpiredDelivery = database.prepare(
      `SELECT 1 FROM webhook_delivery WHERE state <> 'pending' AND ended_at <= ? LIMIT 1`,
    );
    this.removeDeliveries = database.prepare(`
      DELETE FROM webhook_delivery WHERE delivery_no IN (
        SELECT delivery_no FROM webhook_delivery WHERE state <> 'pending' AND ended_at <= :before
        ORDER BY ended_at LIMIT :limit)
    `);
    this.selectResults = database.prepare(SELECT_RESULTS);
    this.removeResults = database.prepare('DELETE FROM result WHERE seq = :seq AND first <= :last');
    this.selectDispatches = database.prepare(`
      SELECT dispatch_no, ended_at FROM dispatch ORDER BY dispatch_no LIMIT ${String(ROWS_PER_STEP / 2)}
    `);
    this.removeDispatch = database.prepare('DELETE FROM dispatch WHERE dispatch_no = ?');
    this.removeParts = database.prepare('DELETE FROM dispatch_part WHERE dispatch_no = ?');
    this.stagedIngestions = new StagedIngestions(database);
    this.removal = new IngestionRemoval(database);
  }

  /** Implements `MaintenanceRepository.deleteExpired`. */
  deleteStep(ageMs: number): boolean {
    const before = this.clock.wallMs() - ageMs;
    if (!this.database.read(() => this.hasExpired(before))) {
      return false;
    }
    return this.database.write(() => {
      for (const stagingNo of this.stagedIngestions.expired(this.time.nowMs())) {
        this.stagedIngestions.abandon(stagingNo);
      }
      const rowsLeft = this.removeIngestions(before, ROWS_PER_STEP);
      const limit = rowsLeft === 0 ? 0 : this.removeDispatches(before, rowsLeft);
      return limit === 0 || Number(this.removeDeliveries.run({ before, limit }).changes) === limit;
    });
  }

  private hasExpired(before: number): boolean {
    return (
      this.selectRemoval.get() !== undefined ||
      this.stagedIngestions.expired(this.time.nowMs()).length > 0 ||
      this.selectFinished.get(before) !== undefined ||
      this.expiredDispatches(before).length > 0 ||
      this.hasExpiredDelivery.get(before) !== undefined
    );
  }

  /** Returns how many rows of the step are left; 0 if there may be more to remove. */
  private removeIngestions(before: number, rows: number): number {
    let rowsLeft = rows;
    for (;;) {
      const seq = this.nextToRemove(before);
      if (seq === null) {
        return rowsLeft;
      }
      for (const remove of this.removeBelongings) {
        rowsLeft -= Number(remove.run({ seq, limit: Math.max(rowsLeft, 0) }).changes);
      }
      rowsLeft -= this.removeResultsStep(seq, rowsLeft);
      if (rowsLeft <= 0) {
        return 0;
      }
      this.endRemoval.run(seq);
      rowsLeft -= 1;
    }
  }

  /** Returns the weight of the removed results: less than `weight` if they were the last ones. */
  private removeResultsStep(seq: number, weight: number): number {
    let removed = 0;
    let last: number | null = null;
    for (const row of this.selectResults.iterate(seq)) {
      if (removed >= weight) {
        break;
      }
      removed += Number(row['weight']);
      last = Number(row['first']);
    }
    if (last !== null) {
      this.removeResults.run({ seq, last });
    }
    return removed;
  }

  private nextToRemove(before: number): number | null {
    const started = this.selectRemoval.get()?.['seq'];
    if (typeof started === 'number') {
      return started;
    }
    const seq = this.selectFinished.get(before)?.['seq'];
    if (typeof seq !== 'number') {
      return null;
    }
    this.removal.begin(seq);
    return seq;
  }

  private removeDispatches(before: number, rows: number): number {
    let rowsLeft = rows;
    for (const dispatchNo of this.expiredDispatches(before)) {
      if (rowsLeft <= 0) {
        return 0;
      }
      rowsLeft -= Number(this.removeParts.run(dispatchNo).changes) + 1;
      this.removeDispatch.run(dispatchNo);
    }
    return Math.max(rowsLeft, 0);
  }

  /** Returns the oldest dispatches, up to the first one that had not ended before the given time. */
  private expiredDispatches(before: number): number[] {
    const rows = this.selectDispatches.all();
    const end = rows.findIndex(({ ended_at: endedAt }) => endedAt === null || endedAt > before);
    return (end === -1 ? rows : rows.slice(0, end)).map((row) => row.dispatch_no);
  }
}
