import type { StatementSync } from 'node:sqlite';
import type { SqliteDatabase } from './sqlite-database.js';

/** What a URL of one host begins with. An index holds it: it has to be written as there. */
const HOST = "substr(url, 1, 8 + instr(substr(url, 9), '/'))";

const BY_HOST = 'webhook_delivery INDEXED BY webhook_delivery_to_host';

/** Due, and no delivery of the same ingestion before it has yet to end. */
const IS_DUE = `
  state = 'pending' AND due_time <= :nowMs AND NOT EXISTS (
    SELECT 1 FROM webhook_delivery AS before INDEXED BY webhook_delivery_of_ingestion
    WHERE before.ingestion_id = delivery.ingestion_id AND before.delivery_no < delivery.delivery_no
      AND before.state = 'pending'
  )`;

interface DueRow {
  readonly delivery_no: number;
  readonly due_time: number;
}

/**
 * Finds what is to be delivered next. Passing over hosts costs a look at each that waits, whatever is due to it. Without
 * `INDEXED BY` SQLite takes the index by state for the better one, and reads all that waits.
 */
export class DueDeliveries {
  private readonly selectDue: StatementSync;
  private readonly selectHosts: StatementSync;
  private readonly selectDueTo: StatementSync;

  constructor(database: SqliteDatabase) {
    this.selectDue = database.prepare(`
      SELECT delivery_no, due_time FROM webhook_delivery AS delivery INDEXED BY webhook_delivery_due
      WHERE ${IS_DUE} ORDER BY due_time LIMIT :limit
    `);
    // SQLite does not hop from one value of an index to the next by itself.
    this.selectHosts = database.prepare(`
      WITH RECURSIVE waiting (host) AS (
        SELECT (SELECT ${HOST} FROM ${BY_HOST} WHERE state = 'pending' ORDER BY ${HOST} LIMIT 1)
        UNION ALL
        SELECT (SELECT ${HOST} FROM ${BY_HOST} WHERE state = 'pending' AND ${HOST} > host ORDER BY ${HOST} LIMIT 1)
        FROM waiting WHERE host IS NOT NULL
      )
      SELECT host FROM waiting
      WHERE host IS NOT NULL AND host NOT IN (SELECT value FROM json_each(:exceptTo)) AND EXISTS (
        SELECT 1 FROM ${BY_HOST} WHERE state = 'pending' AND ${HOST} = host AND due_time <= :nowMs
      )
    `);
    this.selectDueTo = database.prepare(`
      SELECT delivery_no, due_time FROM webhook_delivery AS delivery INDEXED BY webhook_delivery_to_host
      WHERE ${HOST} = :host AND ${IS_DUE} ORDER BY due_time LIMIT :limit
    `);
  }

  /** Numbers of those that have been due for longest, of no host among `exceptTo`. */
  find(nowMs: number, limit: number, exceptTo: readonly string[]): number[] {
    if (exceptTo.length === 0) {
      return numbersOf(this.selectDue.all({ nowMs, limit }) as unknown as DueRow[]);
    }
    const hosts = this.selectHosts.all({ nowMs, exceptTo: JSON.stringify(exceptTo) });
    const due = hosts.flatMap(
      (row) => this.selectDueTo.all({ host: String(row['host']), nowMs, limit }) as unknown as DueRow[],
    );
    return numbersOf(due.toSorted((a, b) => a.due_time - b.due_time).slice(0, limit));
  }
}

function numbersOf(rows: readonly DueRow[]): number[] {
  return rows.map((row) => row.delivery_no);
}
