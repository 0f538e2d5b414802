import { stringify } from 'uuid';
import type { KeyHolder } from '../../../domain/idempotency-replay.js';
import type { Idempotency } from '../../../domain/ingestion.js';
import { ExpiringDigestHashTable } from './digest-hash-table.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/** Maximum number of expired rows deleted per acceptance, so that no acceptance is slow. */
const PRUNED_PER_STEP = 500;

interface KeyRow {
  key: Uint8Array;
  content: Uint8Array;
  ingestion_id: Uint8Array;
  expires_time: number;
}

/**
 * Stores which request was accepted as which ingestion, within the window. Callers hold the transaction. Rows are only
 * appended and found through an index in memory: an index in the file would change one more page at a random place per
 * acceptance, and cost more than the rest of the acceptance.
 */
export class IdempotencyKeys {
  private readonly select: PreparedStatement<KeyRow>;
  private readonly insert: PreparedStatement;
  private readonly hasIngestion: PreparedStatement;
  private readonly selectOldest: PreparedStatement<Pick<KeyRow, 'expires_time'>>;
  private readonly removeExpired: PreparedStatement;
  private readonly index = new ExpiringDigestHashTable();
  /** The keys claimed by the running transaction. */
  private readonly pending = new Map<string, KeyRow>();
  private lastRow: number;

  constructor(database: SqliteDatabase, nowMs: number) {
    this.select = database.prepare(`
      SELECT key, content, ingestion_id, expires_time FROM idempotency WHERE idempotency_no = ?
    `);
    this.insert = database.prepare(`
      INSERT INTO idempotency (idempotency_no, key, content, ingestion_id, expires_time)
      VALUES (?, ?, ?, ?, ?)
    `);
    this.hasIngestion = database.prepare('SELECT 1 FROM ingestion WHERE ingestion_id = ?');
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
    this.lastRow = this.fillIndex(database, nowMs);
  }

  /** Runs the transaction. Its claims enter the index after the commit; if it fails, they are dropped. */
  inTransaction<T>(transaction: () => T, nowMs: number): T {
    const firstRow = this.lastRow + 1;
    try {
      const result = transaction();
      for (const [i, { key, expires_time: expiresMs }] of [...this.pending.values()].entries()) {
        this.index.add(key, firstRow + i, expiresMs, nowMs);
      }
      return result;
    } finally {
      this.pending.clear();
    }
  }

  /** Returns undefined if nobody holds the key within the window, or the holder was deleted. */
  findHolder(key: Uint8Array, nowMs: number): KeyHolder | undefined {
    const row = this.pending.get(toMapKey(key)) ?? this.find(key, nowMs);
    return row && { ingestionId: stringify(row.ingestion_id), content: row.content };
  }

  /** Claims a free key for a new ingestion. */
  add({ key, content, windowMs }: Idempotency, ingestionId: Uint8Array, nowMs: number): void {
    const expiresMs = nowMs + windowMs;
    this.lastRow += 1;
    this.insert.run(this.lastRow, key, content, ingestionId, expiresMs);
    this.pending.set(toMapKey(key), { key, content, ingestion_id: ingestionId, expires_time: expiresMs });
  }

  /** Deletes some of the expired rows. */
  pruneSome(nowMs: number): void {
    const oldest = this.selectOldest.get();
    if (oldest !== undefined && oldest.expires_time <= nowMs) {
      this.removeExpired.run({ limit: PRUNED_PER_STEP, now: nowMs });
    }
  }

  private find(key: Uint8Array, nowMs: number): KeyRow | undefined {
    for (const rowNo of this.index.findRows(key)) {
      const row = this.select.get(rowNo);
      if (row !== undefined && row.expires_time > nowMs && Buffer.compare(row.key, key) === 0) {
        if (this.hasIngestion.get(row.ingestion_id) !== undefined) {
          return row;
        }
      }
    }
    return undefined;
  }

  /** Fills the index and returns the number of the last row. */
  private fillIndex(database: SqliteDatabase, nowMs: number): number {
    const rows = database.prepare<Pick<KeyRow, 'key' | 'expires_time'> & { idempotency_no: number }>(
      'SELECT idempotency_no, key, expires_time FROM idempotency ORDER BY idempotency_no',
    );
    let lastRow = 0;
    for (const row of rows.iterate()) {
      lastRow = row.idempotency_no;
      if (row.expires_time > nowMs) {
        this.index.add(row.key, lastRow, row.expires_time, nowMs);
      }
    }
    return lastRow;
  }
}

function toMapKey(key: Uint8Array): string {
  return Buffer.from(key).toString('latin1');
}
