import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/** Discards one dead letter: its id stays failed. Callers hold the transaction. */
export class Discard {
  private readonly insertDiscarded: PreparedStatement;
  private readonly removeDeadLetter: PreparedStatement;

  constructor(database: SqliteDatabase) {
    this.insertDiscarded = database.prepare(`
      INSERT INTO discarded_id (seq, position, kind, message)
      SELECT seq, position, kind, message FROM dead_letter
      WHERE dead_letter_no = ? AND EXISTS (SELECT 1 FROM ingestion WHERE ingestion.seq = dead_letter.seq)
    `);
    this.removeDeadLetter = database.prepare('DELETE FROM dead_letter WHERE dead_letter_no = ?');
  }

  /** Returns false if there is no such dead letter. */
  run(deadLetterNo: number): boolean {
    if (Number(this.insertDiscarded.run(deadLetterNo).changes) === 0) {
      return false;
    }
    this.removeDeadLetter.run(deadLetterNo);
    return true;
  }
}
