import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from '../../domain/runtime.js';
import { StoreOpenError } from '../../domain/store-errors.js';
import { decompressText } from '../sqlite/database/compressed-text.js';
import { SqliteDatabase } from '../sqlite/database/database.js';
import { DATABASE_FILE } from '../sqlite/database/open-connection.js';
import { StoreClock } from '../sqlite/database/store-clock.js';
import { COPIED_TABLES, type Columns, type CopiedTable } from './tables.js';

const ROWS_PER_STEP = 5000;
/** Size of one read: it ends with the row that reaches this size. */
const BYTES_PER_STEP = 8 * 1024 * 1024;

export type SourceRow = Readonly<Record<string, unknown>>;
export type RowKey = readonly unknown[];

/** A lane's row as the embedded store saves it; `slot_taken_time` is in the source's store time. */
export interface LaneGateRow {
  readonly lane_no: number;
  readonly lane: string;
  readonly slot_taken_time: number;
  readonly slot_delay_ms: number;
  /** Store time until which the lane is held (Retry-After). */
  readonly held_until_time: number;
  readonly paused_at: number | null;
  readonly settings_version: number;
  readonly logged_dispatch_no: number;
}

/** Columns whose sums show whether two stores hold the same ingestions in the same state. */
export const INGESTION_SUMS = ['total', 'taken', 'batches', 'completed', 'failed', 'cancelled'] as const;

/** The tables whose rows have a number of their own, which continues after a copy. */
const NUMBERED_TABLES = [
  'ingestion',
  'dispatch',
  'dead_letter',
  'staging',
  'webhook_delivery',
  'audit',
  'bulk_action',
] as const;

export type LastNumbers = Readonly<Record<(typeof NUMBERED_TABLES)[number], number>>;

/** Reads the embedded store to copy. It locks the file and changes none of its ingestions; opening it runs migrations. */
export class CopySource {
  private constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
  ) {}

  /** @throws StoreOpenError with a one-line reason, for example where a service is using the store */
  static open(dataDir: string, runtime: Runtime, { allowLostLog = false } = {}): CopySource {
    const path = join(dataDir, DATABASE_FILE);
    if (!existsSync(path)) {
      throw new StoreOpenError(`there is no ${path}`);
    }
    const database = SqliteDatabase.open(dataDir, runtime, { allowLostLog });
    return new CopySource(database, new StoreClock(database, runtime));
  }

  get path(): string {
    return this.database.path;
  }

  /** Returns store time in ms. */
  nowMs(): number {
    return this.time.nowMs();
  }

  /** Returns the row of each lane. */
  gates(): readonly LaneGateRow[] {
    return this.database
      .prepare<LaneGateRow>(
        `SELECT lane_no, lane, slot_taken_time, slot_delay_ms, held_until_time, paused_at, settings_version, logged_dispatch_no
         FROM gate ORDER BY lane_no`,
      )
      .all();
  }

  /** Returns the highest number ever assigned in each table; 0 if there is none. */
  lastNumbers(): LastNumbers {
    const numbers = NUMBERED_TABLES.map((table) => [table, this.lastNumberOf(table)]);
    return Object.fromEntries(numbers) as LastNumbers;
  }

  private lastNumberOf(table: string): number {
    return this.readNumber('SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = :table), 0)', {
      table,
    });
  }

  /** Counts the rows to copy. */
  count({ name, where }: CopiedTable, nowMs: number): number {
    return this.readNumber(
      `SELECT count(*) FROM ${name} WHERE ${where ?? 'true'}`,
      where === undefined ? {} : { now: nowMs },
    );
  }

  sumOfIngestions(column: string): number {
    return this.readNumber(`SELECT coalesce(sum(${column}), 0) FROM ingestion`);
  }

  /** Returns a text that changes with any work of the store and differs from that of any other store. */
  fingerprint(): string {
    return JSON.stringify({
      gates: this.gates(),
      counts: COPIED_TABLES.map((table) => this.count(table, 0)),
      sums: INGESTION_SUMS.map((column) => this.sumOfIngestions(column)),
      last: this.readText('SELECT hex(ingestion_id) FROM ingestion ORDER BY seq DESC LIMIT 1'),
      numbers: Object.values(this.lastNumbers()),
    });
  }

  /** Returns the names of the columns of a table. */
  columnsOf(table: string): string[] {
    return this.database
      .prepare<{ name: string }>('SELECT name FROM pragma_table_info(?)')
      .all(table)
      .map(({ name }) => name);
  }

  /** Returns the rows that follow the given key, and the key of the last one. */
  rowsAfter(
    { name, key, where, rowsPerStep }: CopiedTable,
    columns: Columns,
    last: RowKey | null,
    nowMs: number,
  ): { rows: SourceRow[]; lastKey: RowKey | null } {
    const names = [...new Set([...key, ...Object.keys(columns)])];
    const behind =
      last === null ? 'true' : `(${key.join(', ')}) > (${key.map((_, i) => `:key${String(i)}`).join(', ')})`;
    const found = this.database
      .prepare(
        `SELECT ${names.join(', ')} FROM ${name} WHERE ${where ?? 'true'} AND ${behind}
         ORDER BY ${key.join(', ')} LIMIT ${String(rowsPerStep ?? ROWS_PER_STEP)}`,
      )
      .iterate({
        ...(where !== undefined && { now: nowMs }),
        ...Object.fromEntries((last ?? []).map((value, i) => [`key${String(i)}`, value as number])),
      });
    const texts = Object.keys(columns).filter((column) => columns[column] === 'text');
    const rows = limitBytes(found, texts, BYTES_PER_STEP);
    const lastRow = rows.at(-1);
    return { rows, lastKey: lastRow === undefined ? null : key.map((column) => lastRow[column]) };
  }

  close(): void {
    this.database.close();
  }

  private readNumber(sql: string, values: Record<string, string | number> = {}): number {
    return Number(Object.values(this.database.prepare(sql).get(values) ?? {})[0]);
  }

  private readText(sql: string): string | null {
    const [value] = Object.values(this.database.prepare(sql).get() ?? {});
    return typeof value === 'string' ? value : null;
  }
}

function limitBytes(rows: Iterable<SourceRow>, texts: readonly string[], maxBytes: number): SourceRow[] {
  const taken: SourceRow[] = [];
  let bytes = 0;
  for (const stored of rows) {
    const row = withTexts(stored, texts);
    taken.push(row);
    for (const value of Object.values(row)) {
      bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;
    }
    if (bytes >= maxBytes) {
      break;
    }
  }
  return taken;
}

/** Decompresses the texts of a row; the store compresses long ones. */
function withTexts(row: SourceRow, texts: readonly string[]): SourceRow {
  const packed = texts.filter((column) => row[column] instanceof Uint8Array);
  return packed.length === 0
    ? row
    : {
        ...row,
        ...Object.fromEntries(packed.map((column) => [column, decompressText(row[column] as Uint8Array)])),
      };
}
