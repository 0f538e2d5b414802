export type ColumnType = 'bigint' | 'int' | 'smallint' | 'float8' | 'text' | 'bytea' | 'uuid';

/** A table that both stores have, and how its rows are read, in the order of their key. */
export interface CopiedTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Which rows go, in SQLite's words; `:now` is store time at the beginning. All of them without it. */
  readonly where?: string;
  /** Columns that hold store time: it is another one there. */
  readonly times?: readonly string[];
  /** Put in place of what the source says. */
  readonly replaced?: Readonly<Record<string, string>>;
  readonly rowsPerStep?: number;
}

/** In the order in which they are copied. */
export const COPIED_TABLES: readonly CopiedTable[] = [
  {
    name: 'ingestion',
    key: ['seq'],
    columns: {
      seq: 'bigint',
      ingestion_id: 'uuid',
      lane_no: 'int',
      rank: 'smallint',
      total: 'int',
      taken: 'int',
      batches: 'int',
      completed: 'int',
      failed: 'int',
      cancelled: 'int',
      accepted_time: 'float8',
      created_at: 'bigint',
      updated_at: 'bigint',
      finished_at: 'bigint',
      chunks_of: 'bigint',
      cancelled_at: 'bigint',
      client: 'text',
    },
    times: ['accepted_time'],
  },
  {
    name: 'chunk',
    key: ['chunk_key'],
    columns: { chunk_key: 'bigint', packed_ids: 'bytea' },
    rowsPerStep: 500, // 2 MB
  },
  {
    name: 'batch',
    key: ['seq', 'batch_no'],
    columns: {
      seq: 'bigint',
      batch_no: 'int',
      first: 'int',
      size: 'int',
      completed: 'int',
      failed: 'int',
      cancelled: 'int',
      error: 'text',
    },
  },
  {
    name: 'dispatch',
    key: ['dispatch_no'],
    columns: {
      dispatch_no: 'bigint',
      dispatch_id: 'uuid',
      lane_no: 'int',
      begun_at: 'bigint',
      lease_ends_time: 'float8',
      ended_at: 'bigint',
      ending: 'text',
      completed: 'int',
      retried: 'int',
      failed: 'int',
    },
    replaced: { lease_ends_time: '0' }, // what was in flight there is taken over here at once
  },
  {
    name: 'dispatch_part',
    key: ['dispatch_no', 'part_no'],
    columns: {
      dispatch_no: 'bigint',
      part_no: 'int',
      seq: 'bigint',
      batch_no: 'int',
      first: 'int',
      size: 'int',
      failures: 'int',
    },
  },
  {
    name: 'retry',
    key: ['lane_no', 'rank', 'due_time', 'seq', 'position'],
    columns: {
      lane_no: 'int',
      rank: 'smallint',
      due_time: 'float8',
      seq: 'bigint',
      position: 'int',
      batch_no: 'int',
      failures: 'int',
    },
    times: ['due_time'],
  },
  {
    name: 'failed_attempt',
    key: ['seq', 'position', 'dispatch_no'],
    columns: {
      seq: 'bigint',
      position: 'int',
      dispatch_no: 'bigint',
      attempted_at: 'bigint',
      kind: 'text',
      message: 'text',
    },
  },
  {
    name: 'dead_letter',
    key: ['dead_letter_no'],
    columns: {
      dead_letter_no: 'bigint',
      seq: 'bigint',
      position: 'int',
      batch_no: 'int',
      failures: 'int',
      kind: 'text',
      message: 'text',
      died_at: 'bigint',
    },
  },
  {
    name: 'result',
    key: ['seq', 'first'],
    columns: { seq: 'bigint', first: 'int', size: 'int', bytes: 'int', data: 'text' },
  },
  {
    name: 'history',
    key: ['at', 'lane_no'],
    columns: {
      at: 'bigint',
      lane_no: 'int',
      dispatches: 'bigint',
      ids: 'bigint',
      completed: 'bigint',
      retried: 'bigint',
      failed: 'bigint',
      calls_ms: 'float8',
      slowest_ms: 'float8',
      high: 'bigint',
      medium: 'bigint',
      low: 'bigint',
      retries: 'bigint',
    },
  },
  {
    name: 'staging',
    key: ['staging_no'],
    columns: { staging_no: 'bigint', ids: 'int', lease_ends_time: 'float8', client: 'text' },
    replaced: { lease_ends_time: '0' }, // nobody goes on with it there
  },
  { name: 'callback', key: ['seq'], columns: { seq: 'bigint', url: 'text' } },
  {
    name: 'webhook_delivery',
    key: ['delivery_no'],
    columns: {
      delivery_no: 'bigint',
      delivery_id: 'uuid',
      ingestion_id: 'uuid',
      client: 'text',
      url: 'text',
      rank: 'smallint',
      total: 'int',
      completed: 'int',
      failed: 'int',
      ended_at: 'bigint',
      state: 'text',
      attempts: 'int',
      claim_no: 'int',
      queued_time: 'float8',
      due_time: 'float8',
      attempted_at: 'bigint',
      http_status: 'int',
      error: 'text',
    },
    times: ['queued_time', 'due_time'],
  },
  { name: 'removal', key: ['seq'], columns: { seq: 'bigint' } },
  {
    name: 'idempotency',
    key: ['idempotency_no'],
    columns: { key: 'bytea', content: 'bytea', ingestion_id: 'uuid', expires_time: 'float8' },
    where: 'expires_time > :now',
    times: ['expires_time'],
  },
];
