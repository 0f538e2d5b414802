import type { SaturatedReceivers } from '../../../webhooks/webhook-outbox.repository.js';
import { HostWindow, MAX_HOSTS_PER_CLAIM } from '../../shared/host-window.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import { toClientColumn } from '../../shared/client-column.js';

/** SQL for the start of a URL up to its host. An index uses this expression, so both must be identical. */
const HOST = "substr(url, 1, 8 + instr(substr(url, 9), '/'))";

/** SQL for a due delivery that has no pending predecessor of the same ingestion. */
const IS_DUE = `
  state = 'pending' AND due_time <= :nowMs AND NOT EXISTS (
    SELECT 1 FROM webhook_delivery AS before INDEXED BY webhook_delivery_of_ingestion
    WHERE before.ingestion_id = delivery.ingestion_id AND before.delivery_no < delivery.delivery_no
      AND before.state = 'pending'
  )`;

const CLIENT_CONDITION = 'webhook_delivery INDEXED BY webhook_delivery_of_client';
const HOST_CONDITION = 'webhook_delivery INDEXED BY webhook_delivery_to_host';

interface DueRow {
  readonly delivery_no: number;
  readonly due_time: number;
}

/**
 * Finds the next due deliveries. Skipping busy receivers costs one index seek per client with pending deliveries, and
 * 100 seeks for a client with a busy host, whatever the backlog. `INDEXED BY` is required: without it SQLite prefers
 * the index by state and reads the whole backlog.
 */
export class DueDeliveries {
  private readonly window = new HostWindow();
  private readonly selectDue: PreparedStatement<DueRow>;
  private readonly selectClients: PreparedStatement<{ client: string }>;
  private readonly selectDueOf: PreparedStatement<DueRow>;
  private readonly selectHosts: PreparedStatement<{ host: string }>;
  private readonly selectDueTo: PreparedStatement<DueRow>;

  constructor(database: SqliteDatabase) {
    this.selectDue = database.prepare(`
      SELECT delivery_no, due_time FROM webhook_delivery AS delivery INDEXED BY webhook_delivery_due
      WHERE ${IS_DUE} ORDER BY due_time LIMIT :limit
    `);
    // The recursion makes SQLite skip from one distinct value of the index to the next; it does not do so by itself.
    this.selectClients = database.prepare(`
      WITH RECURSIVE waiting (client) AS (
        SELECT (SELECT client FROM ${CLIENT_CONDITION} WHERE state = 'pending' ORDER BY client LIMIT 1)
        UNION ALL
        SELECT (
          SELECT client FROM ${CLIENT_CONDITION} WHERE state = 'pending' AND client > waiting.client ORDER BY client LIMIT 1
        )
        FROM waiting WHERE client IS NOT NULL
      )
      SELECT client FROM waiting
      WHERE client IS NOT NULL AND client NOT IN (SELECT value FROM json_each(:busyClients))
    `);
    this.selectDueOf = database.prepare(`
      SELECT delivery_no, due_time FROM webhook_delivery AS delivery INDEXED BY webhook_delivery_of_client
      WHERE client = :client AND ${IS_DUE} ORDER BY due_time LIMIT :limit
    `);
    this.selectHosts = database.prepare(`
      WITH RECURSIVE waiting (host) AS (
        SELECT (
          SELECT ${HOST} FROM ${HOST_CONDITION} WHERE state = 'pending' AND client = :client AND ${HOST} > :after
          ORDER BY ${HOST} LIMIT 1
        )
        UNION ALL
        SELECT (
          SELECT ${HOST} FROM ${HOST_CONDITION} WHERE state = 'pending' AND client = :client AND ${HOST} > host
          ORDER BY ${HOST} LIMIT 1
        )
        FROM waiting WHERE host IS NOT NULL
        LIMIT ${String(MAX_HOSTS_PER_CLAIM)}
      )
      SELECT host FROM waiting WHERE host IS NOT NULL
    `);
    this.selectDueTo = database.prepare(`
      SELECT delivery_no, due_time FROM webhook_delivery AS delivery INDEXED BY webhook_delivery_to_host
      WHERE client = :client AND ${HOST} = :host AND ${IS_DUE} ORDER BY due_time LIMIT :limit
    `);
  }

  /** Returns the numbers of the deliveries due for the longest time, except those for `busy` receivers. */
  find(nowMs: number, limit: number, busy: SaturatedReceivers): number[] {
    if (busy.clients.length === 0 && busy.hosts.length === 0) {
      return toNumbers(this.selectDue.all({ nowMs, limit }));
    }
    const busyClients = JSON.stringify(busy.clients.map(toClientColumn));
    const clients = this.selectClients.all({ busyClients }).map((row) => row.client);
    const due = clients.flatMap((client) => {
      const hosts = busy.hosts.filter((one) => toClientColumn(one.client) === client).map(({ host }) => host);
      return hosts.length === 0
        ? this.selectDueOf.all({ client, nowMs, limit })
        : this.findElsewhere(client, hosts, nowMs, limit);
    });
    return toNumbers(due.toSorted((a, b) => a.due_time - b.due_time).slice(0, limit));
  }

  private findElsewhere(
    client: string,
    busyHosts: readonly string[],
    nowMs: number,
    limit: number,
  ): DueRow[] {
    const hosts = this.selectHosts
      .all({ client, after: this.window.startAfter(client) })
      .map((row) => row.host);
    this.window.advance(client, hosts);
    return hosts
      .filter((host) => !busyHosts.includes(host))
      .flatMap((host) => this.selectDueTo.all({ client, host, nowMs, limit }));
  }
}

function toNumbers(found: readonly DueRow[]): number[] {
  return found.map((row) => row.delivery_no);
}
