import type { Timestamps } from '../queue/write-transitions.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

interface DeadLetterPosition {
  readonly deadLetterNo: number;
  readonly seq: number;
  readonly batchNo: number;
  readonly position: number;
}

/** Returns one dead letter to the queue. Callers hold the transaction. */
export class Redrive {
  private readonly removeDeadLetter: PreparedStatement;
  private readonly insertRetry: PreparedStatement;
  private readonly reopenBatch: PreparedStatement;
  private readonly reopenIngestion: PreparedStatement;

  constructor(database: SqliteDatabase) {
    this.removeDeadLetter = database.prepare('DELETE FROM dead_letter WHERE dead_letter_no = ?');
    this.insertRetry = database.prepare(`
      INSERT INTO retry (lane_no, rank, due_time, seq, position, batch_no, failures)
      SELECT lane_no, rank, :dueTime, seq, :position, :batchNo, 0 FROM ingestion WHERE seq = :seq
    `);
    this.reopenBatch = database.prepare(`
      UPDATE batch SET failed = failed - 1, error = iif(failed = 1, NULL, error)
      WHERE seq = :seq AND batch_no = :batchNo
    `);
    this.reopenIngestion = database.prepare(`
      UPDATE ingestion SET failed = failed - 1, finished_at = NULL, updated_at = :updatedAt WHERE seq = :seq
    `);
  }

  run({ deadLetterNo, seq, batchNo, position }: DeadLetterPosition, { nowMs, wallMs }: Timestamps): void {
    this.removeDeadLetter.run(deadLetterNo);
    this.insertRetry.run({ seq, batchNo, position, dueTime: nowMs });
    this.reopenBatch.run({ seq, batchNo });
    this.reopenIngestion.run({ seq, updatedAt: wallMs });
  }
}
