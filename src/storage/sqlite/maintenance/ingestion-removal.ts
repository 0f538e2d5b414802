import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/** Begins to remove ingestions. Callers hold the transaction. */
export class IngestionRemoval {
  private readonly removeIngestion: PreparedStatement<{ chunks_of: number | null }>;
  private readonly insertRemoval: PreparedStatement;

  constructor(database: SqliteDatabase) {
    this.removeIngestion = database.prepare('DELETE FROM ingestion WHERE seq = ? RETURNING chunks_of');
    this.insertRemoval = database.prepare('INSERT INTO removal (seq) VALUES (?)');
  }

  /**
   * Deletes the row of an ingestion, and records that its other rows are to be deleted. Its idempotency key is free
   * without its row.
   */
  begin(seq: number): void {
    const chunksOf = this.removeIngestion.get(seq)?.chunks_of ?? null;
    this.insertRemoval.run(seq);
    if (chunksOf !== null) {
      this.insertRemoval.run(chunksOf);
    }
  }
}
