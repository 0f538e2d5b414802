import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

interface ExpiryRow {
  readonly expires_time: number;
  readonly ingestion_id: Uint8Array;
}

/** Holds the times at which lists expire. Callers hold the transaction. */
export class ExpiringIngestions {
  private readonly insertOne: PreparedStatement;
  private readonly selectNext: PreparedStatement<{ expires_time: number | null }>;
  private readonly selectExpired: PreparedStatement<ExpiryRow>;
  private readonly removeOne: PreparedStatement;
  /** The next time of each lane that was asked for. It may be too early, never too late; Infinity if there is none. */
  private readonly nextTimes = new Map<number, number>();

  constructor(database: SqliteDatabase) {
    this.insertOne = database.prepare(
      'INSERT INTO expiry (lane_no, expires_time, ingestion_id) VALUES (?, ?, ?)',
    );
    this.selectNext = database.prepare(
      'SELECT min(expires_time) AS expires_time FROM expiry WHERE lane_no = ?',
    );
    this.selectExpired = database.prepare(`
      SELECT expires_time, ingestion_id FROM expiry WHERE lane_no = ? AND expires_time <= ?
      ORDER BY expires_time, ingestion_id LIMIT ?
    `);
    this.removeOne = database.prepare(
      'DELETE FROM expiry WHERE lane_no = ? AND expires_time = ? AND ingestion_id = ?',
    );
  }

  /** Adds a list as part of the transaction that accepts it. `expiresTime` is store time in ms. */
  insert(laneNo: number, expiresTime: number, ingestionId: Uint8Array): void {
    this.insertOne.run(laneNo, expiresTime, ingestionId);
    this.nextTimes.set(laneNo, Math.min(this.nextTime(laneNo), expiresTime));
  }

  /** Returns the store time at which the next list of the lane expires; Infinity if none does. */
  nextTime(laneNo: number): number {
    const known = this.nextTimes.get(laneNo) ?? this.selectNext.get(laneNo)?.expires_time ?? Infinity;
    this.nextTimes.set(laneNo, known);
    return known;
  }

  /**
   * Lets `expire` cancel at most `limit` lists whose time has come, until it returns false because a list needs a further
   * step. Returns true if more have expired.
   */
  expireStep(
    laneNo: number,
    nowMs: number,
    limit: number,
    expire: (ingestionId: Uint8Array) => boolean,
  ): boolean {
    const expired = this.selectExpired.all(laneNo, nowMs, limit + 1);
    this.nextTimes.delete(laneNo);
    for (const { expires_time: expiresTime, ingestion_id: ingestionId } of expired.slice(0, limit)) {
      if (!expire(ingestionId)) {
        return true;
      }
      this.removeOne.run(laneNo, expiresTime, ingestionId);
    }
    return expired.length > limit;
  }
}
