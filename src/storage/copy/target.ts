import type { Client } from 'pg';
import { stringify } from 'uuid';
import { connectClient } from '../postgres/database/connect.js';
import { describeConnection } from '../postgres/database/connection-config.js';
import { quoteIdentifier, type PostgresOptions } from '../postgres/database/postgres.options.js';
import { prepareSchema } from '../postgres/database/prepare-schema.js';
import { addToClientCounters } from '../postgres/queue/client-pending-counter.js';
import { addToCounters, GATE_STRIPE } from '../postgres/queue/pending-counters.js';
import { toBuffer } from '../postgres/ingestion/idempotency-keys.js';
import { SCHEDULED_RANK_OFFSET } from '../../domain/priority.js';
import { StoreOpenError } from '../../domain/store-errors.js';
import type { Runtime } from '../../domain/runtime.js';
import type { LaneGateRow, LastNumbers, RowKey, SourceRow } from './source.js';
import { COPIED_TABLES, type Columns, type ColumnType, type CopiedTable } from './tables.js';

/** The progress of a copy. */
export interface CopyState {
  readonly source: string;
  readonly sourceTime: number;
  readonly targetTime: number;
  /** Number of tables that are copied completely. */
  readonly tables: number;
  /** Number of rows copied of the next table. */
  readonly rows: number;
  readonly lastKey: RowKey | null;
  readonly hasEnded: boolean;
}

/** The data outside the copied tables. */
export interface CopyCompletion {
  readonly gates: readonly LaneGateRow[];
  /** Difference in ms from the source's store time to the target's. */
  readonly shiftMs: number;
  readonly lastNumbers: LastNumbers;
}

interface CopyRow {
  readonly source: string;
  readonly source_time: number;
  readonly target_time: number;
  readonly tables: number;
  readonly rows: number;
  readonly last_key: string | null;
  readonly ended_at: number | null;
}

/** Writes the PostgreSQL store. It keeps no state in the session, so it works through a connection pooler. */
export class CopyTarget {
  readonly description: string;
  private readonly schema: string;

  private constructor(
    private readonly client: Client,
    private readonly options: PostgresOptions,
  ) {
    this.description = describeConnection(options);
    this.schema = quoteIdentifier(options.schema);
  }

  /** @throws StoreOpenError with a one-line reason where the schema cannot be used */
  static async open(options: PostgresOptions, runtime: Runtime): Promise<CopyTarget> {
    await prepareSchema(options, runtime, { forMove: true });
    const client = await connectClient(options);
    return new CopyTarget(client, options);
  }

  /** Returns null if nothing was ever copied into the schema. */
  async state(): Promise<CopyState | null> {
    const { rows } = await this.client.query<CopyRow>(`SELECT * FROM ${this.schema}.move`);
    const [row] = rows;
    return row === undefined
      ? null
      : {
          source: row.source,
          sourceTime: row.source_time,
          targetTime: row.target_time,
          tables: row.tables,
          rows: row.rows,
          lastKey: row.last_key === null ? null : (JSON.parse(row.last_key) as RowKey),
          hasEnded: row.ended_at !== null,
        };
  }

  /** @throws StoreOpenError where the schema already holds ingestions */
  async begin(source: string, sourceTime: number): Promise<void> {
    for (const { name } of COPIED_TABLES) {
      if (
        (await this.readNumber(
          `SELECT count(*) FROM (SELECT FROM ${this.schema}.${name} LIMIT 1) AS any_row`,
        )) > 0
      ) {
        throw new StoreOpenError(`${this.description} holds lists already: name a schema that is empty`);
      }
    }
    await this.client.query(
      `INSERT INTO ${this.schema}.move (move_no, source, source_time, target_time)
       VALUES (1, $1, $2, ${this.schema}.store_now())`,
      [source, sourceTime],
    );
  }

  /** Returns the columns of a table. */
  async columnsOf(table: string): Promise<Columns> {
    const { rows } = await this.client.query<{ column_name: string; data_type: ColumnType }>(
      `SELECT column_name, data_type FROM information_schema.columns
       WHERE table_schema = $1 AND table_name = $2 ORDER BY ordinal_position`,
      [this.options.schema, table],
    );
    return Object.fromEntries(rows.map((row) => [row.column_name, row.data_type]));
  }

  /**
   * Inserts the next rows and records the progress in the same transaction.
   * @throws StoreOpenError where another process copies at the same time
   */
  async insert(
    table: CopiedTable,
    columns: Columns,
    rows: readonly SourceRow[],
    {
      done,
      lastKey,
      shiftMs,
    }: { readonly done: number; readonly lastKey: RowKey | null; readonly shiftMs: number },
  ): Promise<void> {
    await this.inTransaction(async () => {
      await this.advance(`rows = rows + ${String(rows.length)}, last_key = $1`, 'rows = $2', [
        JSON.stringify(lastKey),
        done,
      ]);
      await this.client.query(
        insertInto(this.schema, table.name, columns),
        toValues(table, columns, rows, shiftMs),
      );
    });
  }

  /** @throws StoreOpenError where another process copies at the same time */
  async endTable(tables: number): Promise<void> {
    await this.advance('tables = tables + 1, rows = 0, last_key = NULL', 'tables = $1', [tables]);
  }

  /**
   * Writes the data derived from the copied tables in one transaction. If `verify` throws, the transaction is rolled
   * back.
   */
  async end({ gates, shiftMs, lastNumbers }: CopyCompletion, verify: () => Promise<void>): Promise<void> {
    await this.inTransaction(async () => {
      await this.client.query(
        `INSERT INTO ${this.schema}.waiting (lane_no, rank, seq, client)
         SELECT lane_no, rank, seq, client FROM ${this.schema}.ingestion
         WHERE taken < total AND cancelled_at IS NULL AND rank < ${String(SCHEDULED_RANK_OFFSET)}`,
      );
      await this.client.query(
        `WITH waiting AS (
           SELECT lane_no, rank, seq, total - taken AS ids FROM ${this.schema}.ingestion
           WHERE taken < total AND cancelled_at IS NULL
         ) ${addToCounters(this.schema, 'waiting', GATE_STRIPE)}`,
      );
      await this.client.query(
        `WITH waiting AS (
           SELECT client, total - taken AS ids FROM ${this.schema}.ingestion
           WHERE taken < total AND cancelled_at IS NULL
         ) ${addToClientCounters(this.schema, 'waiting', '-1')}`,
      );
      await this.client.query(
        `INSERT INTO ${this.schema}.dead_letter_label (label, died_at, dead_letter_no)
         SELECT label, died_at, dead_letter_no FROM ${this.schema}.dead_letter
         JOIN ${this.schema}.label USING (seq)
         ON CONFLICT DO NOTHING`,
      );
      await this.copyGates(gates, shiftMs);
      await this.advanceSequences('gate_lane_no_seq', Math.max(...gates.map((gate) => gate.lane_no)));
      await this.advanceSequences('ingestion_seq', lastNumbers.ingestion);
      await this.advanceSequences('dispatch_dispatch_no_seq', lastNumbers.dispatch);
      await this.advanceSequences('dead_letter_dead_letter_no_seq', lastNumbers.dead_letter);
      await this.advanceSequences('staging_staging_no_seq', lastNumbers.staging);
      await this.advanceSequences('webhook_delivery_delivery_no_seq', lastNumbers.webhook_delivery);
      await this.advanceSequences('audit_audit_no_seq', lastNumbers.audit);
      await this.advanceSequences('bulk_action_bulk_action_no_seq', lastNumbers.bulk_action);
      await verify();
      await this.client.query(`UPDATE ${this.schema}.move SET ended_at = round(${this.schema}.store_now())`);
    });
    const tables = COPIED_TABLES.map(({ name }) => `${this.schema}.${name}`);
    await this.client.query(`ANALYZE ${tables.join(', ')}, ${this.schema}.waiting`);
  }

  count({ name }: CopiedTable): Promise<number> {
    return this.readNumber(`SELECT count(*) FROM ${this.schema}.${name}`);
  }

  sumOfIngestions(column: string): Promise<number> {
    return this.readNumber(`SELECT coalesce(sum(${column}), 0) FROM ${this.schema}.ingestion`);
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** Upserts the lanes: the schema already has at least the default lane. */
  private async copyGates(gates: readonly LaneGateRow[], shiftMs: number): Promise<void> {
    for (const gate of gates) {
      await this.client.query(
        `INSERT INTO ${this.schema}.gate AS gate (lane_no, lane, slot_taken_time, slot_delay_ms, held_until_time, paused_at,
           settings_version, logged_dispatch_no)
         VALUES ($1, $2, least($3, ${this.schema}.store_now()), $4, $5, $6, $7, $8)
         ON CONFLICT (lane_no) DO UPDATE
         SET turn = gate.turn + 1, slot_taken_time = excluded.slot_taken_time,
             slot_delay_ms = excluded.slot_delay_ms, held_until_time = excluded.held_until_time, paused_at = excluded.paused_at,
             settings_version = excluded.settings_version, logged_dispatch_no = excluded.logged_dispatch_no`,
        [
          gate.lane_no,
          gate.lane,
          gate.slot_taken_time + shiftMs,
          gate.slot_delay_ms,
          gate.held_until_time + shiftMs,
          gate.paused_at,
          gate.settings_version,
          gate.logged_dispatch_no,
        ],
      );
    }
  }

  private async advanceSequences(sequence: string, last: number): Promise<void> {
    if (last > 0) {
      await this.client.query('SELECT setval($1, $2)', [`${this.schema}.${sequence}`, last]);
    }
  }

  /** Records the progress. The condition fails if another process has advanced the copy meanwhile. */
  private async advance(changes: string, where: string, values: readonly unknown[]): Promise<void> {
    const { rowCount } = await this.client.query(`UPDATE ${this.schema}.move SET ${changes} WHERE ${where}`, [
      ...values,
    ]);
    if (rowCount !== 1) {
      throw new StoreOpenError(`another process copies into ${this.description}`);
    }
  }

  private async inTransaction(work: () => Promise<void>): Promise<void> {
    await this.client.query('BEGIN');
    try {
      await work();
      await this.client.query('COMMIT');
    } catch (error) {
      await this.client.query('ROLLBACK').catch(() => undefined); // the first error is the relevant one
      throw error;
    }
  }

  private async readNumber(sql: string): Promise<number> {
    const { rows } = await this.client.query<Record<string, unknown>>(sql);
    return Number(Object.values(rows[0] ?? {})[0]);
  }
}

function insertInto(schema: string, table: string, columns: Columns): string {
  const names = Object.keys(columns).join(', ');
  const arrays = Object.values(columns).map((type, i) => `$${String(i + 1)}::${type}[]`);
  return `INSERT INTO ${schema}.${table} (${names}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest(${arrays.join(', ')})`;
}

/** Converts rows to one array per column. */
function toValues(
  { times, microseconds, replaced }: CopiedTable,
  columns: Columns,
  rows: readonly SourceRow[],
  shiftMs: number,
): unknown[][] {
  return Object.entries(columns).map(([column, type]) => {
    const shift = times?.includes(column)
      ? shiftMs
      : microseconds?.includes(column)
        ? Math.ceil(shiftMs * 1000)
        : 0;
    return rows.map((row) => replaced?.[column] ?? toPostgres(row[column], type, shift));
  });
}

function toPostgres(value: unknown, type: ColumnType, shift: number): unknown {
  if (value instanceof Uint8Array) {
    return type === 'uuid' ? stringify(value) : toBuffer(value);
  }
  return typeof value === 'number' ? value + shift : value;
}
