import { LEVELS } from '../../shared/pending-levels.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/**
 * Counts the ids of a client that are pending and were never sent, at a cost that does not grow with their number.
 * After the acceptance triggers update the sums.
 */
export class ClientPendingCounter {
  private readonly selectOfClient: PreparedStatement<{ ids: number }>;
  private readonly selectAll: PreparedStatement<{ ids: number }>;
  private readonly addOfClient: PreparedStatement;

  constructor(database: SqliteDatabase) {
    this.selectOfClient = database.prepare('SELECT ids FROM client_waiting WHERE client = ?');
    this.selectAll = database.prepare(`
      SELECT coalesce(sum(ids), 0) AS ids FROM waiting_sum
      WHERE lane_no IN (SELECT lane_no FROM gate) AND rank IN (0, 1, 2, 3, 4, 5) AND level = ${String(LEVELS)}
    `);
    this.addOfClient = database.prepare(`
      INSERT INTO client_waiting (client, ids) VALUES (?, ?) ON CONFLICT DO UPDATE SET ids = ids + excluded.ids
    `);
  }

  /** Adds accepted ids. It is part of the transaction that accepts them. */
  add(client: string | null, ids: number): void {
    if (client !== null) {
      this.addOfClient.run(client, ids);
    }
  }

  /** Returns the pending ids of the client; with null (authentication disabled) those of all clients. */
  read(client: string | null): number {
    const row = client === null ? this.selectAll.get() : this.selectOfClient.get(client);
    return row?.ids ?? 0;
  }
}
