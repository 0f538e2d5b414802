import type { StatementSync } from 'node:sqlite';
import type { SqliteDatabase } from '../database/database.js';

/** How many ids of a client wait and were never sent, at the same cost whatever waits. Once they wait, triggers keep the sums. */
export class ClientPendingCounter {
  private readonly selectOfClient: StatementSync;
  private readonly selectAll: StatementSync;
  private readonly addOfClient: StatementSync;

  constructor(database: SqliteDatabase) {
    this.selectOfClient = database.prepare('SELECT ids FROM client_waiting WHERE client = ?');
    this.selectAll = database.prepare(`
      SELECT coalesce(sum(ids), 0) AS ids FROM waiting_sum
      WHERE lane_no IN (SELECT lane_no FROM gate) AND rank IN (0, 1, 2) AND level = 3
    `);
    this.addOfClient = database.prepare(`
      INSERT INTO client_waiting (client, ids) VALUES (?, ?) ON CONFLICT DO UPDATE SET ids = ids + excluded.ids
    `);
  }

  /** Part of the transaction that accepts them. */
  add(client: string | null, ids: number): void {
    if (client !== null) {
      this.addOfClient.run(client, ids);
    }
  }

  /** Of null, where nobody is asked who he is, all that wait. */
  read(client: string | null): number {
    const row = client === null ? this.selectAll.get() : this.selectOfClient.get(client);
    return Number(row?.['ids'] ?? 0);
  }
}
