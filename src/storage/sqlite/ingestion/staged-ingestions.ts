import type { StatementSync } from 'node:sqlite';
import type { NewIngestion } from '../../../domain/ingestion.js';
import { StoreUnavailableError } from '../../../domain/store-errors.js';
import type { SqliteDatabase } from '../database/database.js';

/** How a staged list ends. Callers hold the transaction. */
export class StagedIngestions {
  private readonly remove: StatementSync;
  private readonly selectSize: StatementSync;
  private readonly insertRemoval: StatementSync;
  private readonly selectExpired: StatementSync;

  constructor(database: SqliteDatabase) {
    this.remove = database.prepare('DELETE FROM staging WHERE staging_no = ? RETURNING ids');
    this.selectSize = database.prepare('SELECT ids FROM staging WHERE staging_no = ?');
    this.insertRemoval = database.prepare('INSERT INTO removal (seq) VALUES (?)');
    this.selectExpired = database.prepare(
      'SELECT staging_no FROM staging WHERE lease_ends_time <= ? LIMIT 100',
    );
  }

  /** How many ids it holds; 0 where it was given up. */
  sizeOf(stagingNo: number): number {
    return Number(this.selectSize.get(stagingNo)?.['ids'] ?? 0);
  }

  /** Its chunks belong to an ingestion from here on. Gives how many ids they hold. */
  accept({ stagingNo, ids }: Required<NewIngestion>['staged']): number {
    if (this.remove.get(stagingNo)?.['ids'] !== ids) {
      throw new StoreUnavailableError(`the staged list ${String(stagingNo)} was given up, or is not whole`);
    }
    return ids;
  }

  /** Its chunks are to be removed. */
  abandon(stagingNo: number): void {
    if (this.remove.get(stagingNo) !== undefined) {
      this.insertRemoval.run(-stagingNo);
    }
  }

  /** Of the lists whose lease ran out by then, some. */
  expired(nowMs: number): number[] {
    return this.selectExpired.all(nowMs).map((row) => Number(row['staging_no']));
  }
}
