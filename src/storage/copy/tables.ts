export type ColumnType = 'bigint' | 'int' | 'smallint' | 'float8' | 'text' | 'bytea' | 'uuid';

/** A table of both stores, and how its rows are read, in the order of its key. */
export interface CopiedTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** SQL condition (SQLite) for the rows to copy; `:now` is store time at the start. Without it all rows are copied. */
  readonly where?: string;
  /** Columns that hold store time; they are shifted to the target's store time. */
  readonly times?: readonly string[];
  /** Values that replace those of the source. */
  readonly replaced?: Readonly<Record<string, string>>;
  readonly rowsPerStep?: number;
}

/** The copied tables, in the order of copying. */
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
    replaced: { lease_ends_time: '0' }, // dispatches in flight are reclaimed at once by the target's service
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
    replaced: { lease_ends_time: '0' }, // no client continues a staged ingestion at the target
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
