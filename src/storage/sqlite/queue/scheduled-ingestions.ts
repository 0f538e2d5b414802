import { SCHEDULED_RANK_OFFSET } from '../../../domain/priority.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

interface DueRow {
  readonly rank: number;
  readonly due_time: number;
  readonly seq: number;
}

/** A list that is scheduled for later. */
export interface ScheduledIngestion {
  readonly laneNo: number;
  /** The stored rank: that of the priority plus {@link SCHEDULED_RANK_OFFSET}. */
  readonly rank: number;
  /** Store time in ms. */
  readonly dueTime: number;
  readonly seq: number;
}

const SCHEDULED_RANKS = [0, 1, 2].map((rank) => String(rank + SCHEDULED_RANK_OFFSET));

/** Holds lists that are scheduled for later, and admits them to the queue. Callers hold the transaction. */
export class ScheduledIngestions {
  private readonly insertOne: PreparedStatement;
  private readonly selectNext: PreparedStatement<{ due_time: number | null }>;
  private readonly selectDue: PreparedStatement<DueRow>;
  private readonly removeOne: PreparedStatement;
  private readonly raiseSeq: PreparedStatement<{ seq: number }>;
  private readonly moveIngestion: PreparedStatement;
  private readonly moveCallback: PreparedStatement;
  private readonly moveLabels: PreparedStatement;
  /** The next due time of each lane that was asked for. It may be too early, never too late; Infinity if there is none. */
  private readonly nextDueTimes = new Map<number, number>();

  constructor(database: SqliteDatabase) {
    this.insertOne = database.prepare(
      'INSERT INTO schedule (lane_no, rank, due_time, seq) VALUES (:laneNo, :rank, :dueTime, :seq)',
    );
    const nextOfRanks = SCHEDULED_RANKS.map(
      (rank) =>
        `SELECT * FROM (SELECT due_time FROM schedule WHERE lane_no = :laneNo AND rank = ${rank} ORDER BY due_time LIMIT 1)`,
    );
    this.selectNext = database.prepare(
      `SELECT min(due_time) AS due_time FROM (${nextOfRanks.join(' UNION ALL ')})`,
    );
    // The list of ranks makes SQLite seek the due rows of each, the highest priority first.
    const dueOfRanks = SCHEDULED_RANKS.map(
      (rank) => `SELECT * FROM (
        SELECT rank, due_time, seq FROM schedule
        WHERE lane_no = :laneNo AND rank = ${rank} AND due_time <= :nowMs ORDER BY due_time, seq LIMIT :limit
      )`,
    );
    this.selectDue = database.prepare(`${dueOfRanks.join(' UNION ALL ')} LIMIT :limit`);
    this.removeOne = database.prepare(
      'DELETE FROM schedule WHERE lane_no = :laneNo AND rank = :rank AND due_time = :dueTime AND seq = :seq',
    );
    this.raiseSeq = database.prepare(
      `UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'ingestion' RETURNING seq`,
    );
    this.moveIngestion = database.prepare(`
      UPDATE ingestion SET seq = :newSeq, rank = :rank, accepted_time = :nowMs, updated_at = :wallMs,
        chunks_of = coalesce(chunks_of, seq), accepted_seq = coalesce(accepted_seq, seq)
      WHERE seq = :seq
    `);
    this.moveCallback = database.prepare('UPDATE callback SET seq = :newSeq WHERE seq = :seq');
    this.moveLabels = database.prepare(
      'UPDATE label SET seq = :newSeq, accepted_seq = coalesce(accepted_seq, seq) WHERE seq = :seq',
    );
  }

  /** Adds a list as part of the transaction that accepts it. */
  insert(ingestion: ScheduledIngestion): void {
    this.insertOne.run({ ...ingestion });
    this.nextDueTimes.set(ingestion.laneNo, Math.min(this.nextDueTime(ingestion.laneNo), ingestion.dueTime));
  }

  /** Returns the store time at which the next list of the lane is due; Infinity if none is scheduled. */
  nextDueTime(laneNo: number): number {
    const known = this.nextDueTimes.get(laneNo) ?? this.selectNext.get({ laneNo })?.due_time ?? Infinity;
    this.nextDueTimes.set(laneNo, known);
    return known;
  }

  /** Admits at most `limit` due lists, the highest priority first. Returns true if more may be due. */
  admit(laneNo: number, { nowMs, wallMs }: { nowMs: number; wallMs: number }, limit: number): boolean {
    const due = this.selectDue.all({ laneNo, nowMs, limit });
    for (const { rank, due_time: dueTime, seq } of due) {
      this.removeOne.run({ laneNo, rank, dueTime, seq });
      const newSeq = this.raiseSeq.get()?.seq;
      if (newSeq === undefined) {
        throw new Error('no ingestion has ever been accepted');
      }
      this.moveIngestion.run({ seq, newSeq, rank: rank - SCHEDULED_RANK_OFFSET, nowMs, wallMs });
      this.moveCallback.run({ seq, newSeq });
      this.moveLabels.run({ seq, newSeq });
    }
    this.nextDueTimes.delete(laneNo);
    return due.length === limit;
  }
}
