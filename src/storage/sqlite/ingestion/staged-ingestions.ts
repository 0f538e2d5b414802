import type { NewIngestion } from '../../../domain/ingestion.js';
import { StoreUnavailableError } from '../../../domain/store-errors.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/** Accepts or abandons staged ingestions. Callers hold the transaction. */
export class StagedIngestions {
  private readonly remove: PreparedStatement<{ ids: number }>;
  private readonly selectSize: PreparedStatement<{ ids: number }>;
  private readonly insertRemoval: PreparedStatement;
  private readonly selectExpired: PreparedStatement<{ staging_no: number }>;

  constructor(database: SqliteDatabase) {
    this.remove = database.prepare('DELETE FROM staging WHERE staging_no = ? RETURNING ids');
    this.selectSize = database.prepare('SELECT ids FROM staging WHERE staging_no = ?');
    this.insertRemoval = database.prepare('INSERT INTO removal (seq) VALUES (?)');
    this.selectExpired = database.prepare(
      'SELECT staging_no FROM staging WHERE lease_ends_time <= ? LIMIT 100',
    );
  }

  /** Returns the number of staged ids; 0 if the staging was abandoned. */
  sizeOf(stagingNo: number): number {
    return this.selectSize.get(stagingNo)?.ids ?? 0;
  }

  /** Assigns the staged chunks to an ingestion and returns the number of their ids. */
  accept({ stagingNo, ids }: Required<NewIngestion>['staged']): number {
    if (this.remove.get(stagingNo)?.ids !== ids) {
      throw new StoreUnavailableError(`the staged list ${String(stagingNo)} was given up, or is not whole`);
    }
    return ids;
  }

  /** Marks the staged chunks for removal. */
  abandon(stagingNo: number): void {
    if (this.remove.get(stagingNo) !== undefined) {
      this.insertRemoval.run(-stagingNo);
    }
  }

  /** Returns some of the stagings whose lease has expired. */
  expired(nowMs: number): number[] {
    return this.selectExpired.all(nowMs).map((row) => row.staging_no);
  }
}
