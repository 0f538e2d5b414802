import type { StatementSync } from 'node:sqlite';
import type { Idempotency } from '../../ingestion/ingestion.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** Expired rows go a few at a time, so that no acceptance pays for many. */
const PRUNED_AT_ONCE = 500;

interface KeyRow {
  idempotency_no: number;
  content: Uint8Array;
  ingestion_id: Uint8Array;
  expires_time: number;
}

export type ClaimedKey =
  | { readonly kind: 'new' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'replayed'; readonly ingestionId: Uint8Array };

/** Which request was accepted as which ingestion, within the window. Callers hold the transaction. */
export class IdempotencyKeys {
  private readonly select: StatementSync;
  private readonly insert: StatementSync;
  private readonly remove: StatementSync;
  private readonly selectOldest: StatementSync;
  private readonly removeExpired: StatementSync;

  constructor(database: SqliteDatabase) {
    this.select = database.prepare(`
      SELECT idempotency_no, content, ingestion_id, expires_time FROM idempotency WHERE key = ?
    `);
    this.insert = database.prepare(`
      INSERT INTO idempotency (key, content, ingestion_id, expires_time)
      VALUES (?, ?, ?, ?)
    `);
    this.remove = database.prepare('DELETE FROM idempotency WHERE idempotency_no = ?');
    this.selectOldest = database.prepare(
      'SELECT expires_time FROM idempotency ORDER BY idempotency_no LIMIT 1',
    );
    this.removeExpired = database.prepare(`
      DELETE FROM idempotency WHERE idempotency_no IN (
        SELECT idempotency_no FROM (
          SELECT idempotency_no, expires_time FROM idempotency ORDER BY idempotency_no LIMIT :limit
        ) WHERE expires_time <= :now
      )
    `);
  }

  /** Takes the key for a new ingestion, unless it is another's within the window. */
  claim(idempotency: Idempotency, ingestionId: Uint8Array, nowMs: number): ClaimedKey {
    const row = this.select.get(idempotency.key) as KeyRow | undefined;
    if (row !== undefined) {
      if (row.expires_time > nowMs) {
        return Buffer.compare(row.content, idempotency.content) === 0
          ? { kind: 'replayed', ingestionId: row.ingestion_id }
          : { kind: 'conflict' };
      }
      this.remove.run(row.idempotency_no);
    }
    this.insert.run(idempotency.key, idempotency.content, ingestionId, nowMs + idempotency.windowMs);
    return { kind: 'new' };
  }

  /** Removes some of the rows whose window is over. */
  pruneSome(nowMs: number): void {
    const oldest = this.selectOldest.get() as { expires_time: number } | undefined;
    if (oldest !== undefined && oldest.expires_time <= nowMs) {
      this.removeExpired.run({ limit: PRUNED_AT_ONCE, now: nowMs });
    }
  }
}
