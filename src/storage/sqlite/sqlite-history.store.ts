import type { StatementSync } from 'node:sqlite';
import type { HistoryStore, Minute } from '../../history/history.store.js';
import type { SqliteDatabase } from './sqlite-database.js';

interface HistoryRow {
  at: number;
  dispatches: number;
  ids: number;
  completed: number;
  retried: number;
  failed: number;
  calls_ms: number;
  slowest_ms: number;
  high: number;
  medium: number;
  low: number;
  retries: number;
}

/** The last day in the embedded store. */
export class SqliteHistoryStore implements HistoryStore {
  private readonly upsert: StatementSync;
  private readonly forget: StatementSync;
  private readonly select: StatementSync;

  constructor(private readonly database: SqliteDatabase) {
    this.upsert = database.prepare(`
      INSERT INTO history (at, dispatches, ids, completed, retried, failed, calls_ms, slowest_ms, high, medium, low, retries)
      VALUES (:at, :dispatches, :ids, :completed, :retried, :failed, :callsMs, :slowestMs, :high, :medium, :low, :retries)
      ON CONFLICT (at) DO UPDATE SET
        dispatches = dispatches + excluded.dispatches, ids = ids + excluded.ids,
        completed = completed + excluded.completed, retried = retried + excluded.retried,
        failed = failed + excluded.failed, calls_ms = calls_ms + excluded.calls_ms,
        slowest_ms = max(slowest_ms, excluded.slowest_ms),
        high = excluded.high, medium = excluded.medium, low = excluded.low, retries = excluded.retries
    `);
    this.forget = database.prepare('DELETE FROM history WHERE at < ?');
    this.select = database.prepare('SELECT * FROM history WHERE at >= ? ORDER BY at');
  }

  async add({ atMs: at, waiting, ...counts }: Minute, forgetBeforeMs: number): Promise<void> {
    this.database.write(() => {
      this.upsert.run({ at, ...counts, ...waiting });
      this.forget.run(forgetBeforeMs);
    });
  }

  async read(sinceMs: number): Promise<Minute[]> {
    const rows = this.database.read(() => this.select.all(sinceMs)) as unknown as HistoryRow[];
    return rows.map(({ at, calls_ms, slowest_ms, high, medium, low, retries, ...counts }) => ({
      atMs: at,
      ...counts,
      callsMs: calls_ms,
      slowestMs: slowest_ms,
      waiting: { high, medium, low, retries },
    }));
  }
}
