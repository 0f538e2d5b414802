import { Client } from 'pg';
import { stringify } from 'uuid';
import { connectionConfig, describeConnection } from '../postgres/connection-config.js';
import { quoteIdentifier, type PostgresOptions } from '../postgres/postgres-options.js';
import { prepareSchema } from '../postgres/prepare-schema.js';
import { toBuffer } from '../postgres/take-keys.js';
import { StoreUnusableError } from '../store-errors.js';
import type { RowKey, SourceRow } from './source.js';
import { MOVED_TABLES, type ColumnType, type MovedTable } from './tables.js';

/** 'MOVE': the first half of the advisory lock's key; the second is the schema's. */
const LOCK_CLASS = 0x4d4f5645;

/** How far a copy is. */
export interface MoveState {
  readonly source: string;
  readonly sourceTime: number;
  readonly targetTime: number;
  /** Copied whole. */
  readonly tables: number;
  /** Of the table after those. */
  readonly rows: number;
  readonly lastKey: RowKey | null;
  readonly hasEnded: boolean;
}

interface MoveRow {
  readonly source: string;
  readonly source_time: number;
  readonly target_time: number;
  readonly tables: number;
  readonly rows: number;
  readonly last_key: string | null;
  readonly ended_at: number | null;
}

/** The PostgreSQL store that is filled. One process at a time holds it. */
export class MoveTarget {
  readonly description: string;

  private constructor(
    private readonly client: Client,
    options: PostgresOptions,
  ) {
    this.description = describeConnection(options);
  }

  /** @throws StoreUnusableError with one line that says what is wrong, as when another copy is under way. */
  static async open(options: PostgresOptions): Promise<MoveTarget> {
    await prepareSchema(options, { forMove: true });
    const client = new Client(connectionConfig(options));
    client.on('error', () => {
      // The statement under way fails with it, or the next one.
    });
    await client.connect();
    const target = new MoveTarget(client, options);
    try {
      await client.query(`SET search_path = ${quoteIdentifier(options.schema)}`);
      await target.lock(options.schema);
      return target;
    } catch (error) {
      await target.close();
      throw error;
    }
  }

  /** Null where nothing was ever copied. */
  async state(): Promise<MoveState | null> {
    const { rows } = await this.client.query<MoveRow>('SELECT * FROM move');
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

  /** @throws StoreUnusableError where the schema was used. */
  async begin(source: string, sourceTime: number): Promise<void> {
    for (const { name } of MOVED_TABLES) {
      if ((await this.numberOf(`SELECT count(*) FROM (SELECT FROM ${name} LIMIT 1) AS any_row`)) > 0) {
        throw new StoreUnusableError(`${this.description} holds lists already: name a schema that is empty`);
      }
    }
    await this.client.query(
      'INSERT INTO move (move_no, source, source_time, target_time) VALUES (1, $1, $2, store_now())',
      [source, sourceTime],
    );
  }

  /** In one transaction: the rows, and how far the copy is with them. */
  async insert(
    table: MovedTable,
    rows: readonly SourceRow[],
    lastKey: RowKey | null,
    shiftMs: number,
  ): Promise<void> {
    await this.inTransaction(async () => {
      await this.client.query(insertInto(table), valuesOf(table, rows, shiftMs));
      await this.client.query('UPDATE move SET rows = rows + $1, last_key = $2', [
        rows.length,
        JSON.stringify(lastKey),
      ]);
    });
  }

  async endTable(): Promise<void> {
    await this.client.query('UPDATE move SET tables = tables + 1, rows = 0, last_key = NULL');
  }

  /** In one transaction: what is not copied but follows from it; `verify` has the last word. */
  async end(
    slotTakenTime: number,
    lastNumbers: Readonly<Record<'ingestion' | 'dispatch' | 'dead_letter', number>>,
    verify: () => Promise<void>,
  ): Promise<void> {
    await this.inTransaction(async () => {
      await this.client.query(
        'INSERT INTO waiting (rank, seq) SELECT rank, seq FROM ingestion WHERE taken < total',
      );
      await this.client.query('UPDATE gate SET turn = turn + 1, slot_taken_time = least($1, store_now())', [
        slotTakenTime,
      ]);
      await this.goOnAfter(`'ingestion_seq'`, lastNumbers.ingestion);
      await this.goOnAfter(`pg_get_serial_sequence('dispatch', 'dispatch_no')`, lastNumbers.dispatch);
      await this.goOnAfter(
        `pg_get_serial_sequence('dead_letter', 'dead_letter_no')`,
        lastNumbers.dead_letter,
      );
      await verify();
      await this.client.query('UPDATE move SET ended_at = round(store_now())');
    });
    await this.client.query('ANALYZE');
  }

  count({ name }: MovedTable): Promise<number> {
    return this.numberOf(`SELECT count(*) FROM ${name}`);
  }

  sumOfIngestions(column: string): Promise<number> {
    return this.numberOf(`SELECT coalesce(sum(${column}), 0) FROM ingestion`);
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  private async lock(schema: string): Promise<void> {
    const { rows } = await this.client.query<{ is_ours: boolean }>(
      'SELECT pg_try_advisory_lock($1, hashtext($2)) AS is_ours',
      [LOCK_CLASS, schema],
    );
    if (rows[0]?.is_ours !== true) {
      throw new StoreUnusableError(`another process copies into ${this.description}`);
    }
  }

  private async goOnAfter(sequence: string, last: number): Promise<void> {
    if (last > 0) {
      await this.client.query(`SELECT setval(${sequence}, $1)`, [last]);
    }
  }

  private async inTransaction(work: () => Promise<void>): Promise<void> {
    await this.client.query('BEGIN');
    try {
      await work();
      await this.client.query('COMMIT');
    } catch (error) {
      await this.client.query('ROLLBACK').catch(() => undefined); // the first error is the one that matters
      throw error;
    }
  }

  private async numberOf(sql: string): Promise<number> {
    const { rows } = await this.client.query<Record<string, unknown>>(sql);
    return Number(Object.values(rows[0] ?? {})[0]);
  }
}

function insertInto({ name, columns }: MovedTable): string {
  const names = Object.keys(columns).join(', ');
  const arrays = Object.values(columns).map((type, i) => `$${String(i + 1)}::${type}[]`);
  return `INSERT INTO ${name} (${names}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest(${arrays.join(', ')})`;
}

/** One array for each column. */
function valuesOf(
  { columns, times, replaced }: MovedTable,
  rows: readonly SourceRow[],
  shiftMs: number,
): unknown[][] {
  return Object.entries(columns).map(([column, type]) => {
    const isTime = times?.includes(column) === true;
    return rows.map((row) => replaced?.[column] ?? toPostgres(row[column], type, isTime ? shiftMs : 0));
  });
}

function toPostgres(value: unknown, type: ColumnType, shiftMs: number): unknown {
  if (value instanceof Uint8Array) {
    return type === 'uuid' ? stringify(value) : toBuffer(value);
  }
  return typeof value === 'number' ? value + shiftMs : value;
}
