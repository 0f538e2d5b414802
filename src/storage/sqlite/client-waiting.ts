import type { StatementSync } from 'node:sqlite';
import type { SqliteDatabase } from './sqlite-database.js';

/** How many ids of a client wait and were never sent, at the same cost whatever waits. Triggers keep the sums. */
export class ClientWaiting {
  private readonly selectOfClient: StatementSync;
  private readonly selectAll: StatementSync;

  constructor(database: SqliteDatabase) {
    this.selectOfClient = database.prepare('SELECT ids FROM client_waiting WHERE client = ?');
    this.selectAll = database.prepare(`
      SELECT coalesce(sum(ids), 0) AS ids FROM waiting_sum
      WHERE lane_no IN (SELECT lane_no FROM gate) AND rank IN (0, 1, 2) AND level = 3
    `);
  }

  /** Of null, where nobody is asked who he is, all that wait. */
  of(client: string | null): number {
    const row = client === null ? this.selectAll.get() : this.selectOfClient.get(client);
    return Number(row?.['ids'] ?? 0);
  }
}
