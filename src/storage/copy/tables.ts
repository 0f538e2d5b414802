/** Types of PostgreSQL, as its catalog names them. */
export type ColumnType = 'bigint' | 'integer' | 'smallint' | 'double precision' | 'text' | 'bytea' | 'uuid';

/** The columns of a table and their types in PostgreSQL, in order. */
export type Columns = Readonly<Record<string, ColumnType>>;

/**
 * A table of both stores. Its rows are read in the order of its key. All of its columns are copied; the copy reads their
 * names from the two schemas.
 */
export interface CopiedTable {
  readonly name: string;
  readonly key: readonly string[];
  /** Columns that only the embedded store has. */
  readonly notCopied?: readonly string[];
  /** SQL condition (SQLite) for the rows to copy; `:now` is store time at the start. Without it all rows are copied. */
  readonly where?: string;
  /** Columns that hold store time; they are shifted to the target's store time. */
  readonly times?: readonly string[];
  /** Columns that hold store time in microseconds; they are shifted too. */
  readonly microseconds?: readonly string[];
  /** Values that replace those of the source. */
  readonly replaced?: Readonly<Record<string, string>>;
  readonly rowsPerStep?: number;
}

/** The copied tables, in the order of copying. */
export const COPIED_TABLES: readonly CopiedTable[] = [
  {
    name: 'ingestion',
    key: ['seq'],
    times: ['accepted_time'],
  },
  {
    name: 'chunk',
    key: ['chunk_key'],
    rowsPerStep: 500, // 2 MB
  },
  {
    name: 'batch',
    key: ['seq', 'batch_no'],
  },
  {
    name: 'dispatch',
    key: ['dispatch_no'],
    replaced: { lease_ends_time: '0' }, // dispatches in flight are reclaimed at once by the target's service
  },
  {
    name: 'dispatch_part',
    key: ['dispatch_no', 'part_no'],
  },
  {
    name: 'departure',
    key: ['lane_no', 'departure_no'],
    microseconds: ['departs_us'],
  },
  {
    name: 'lane_settings',
    key: ['lane_no'],
  },
  {
    name: 'retry',
    key: ['lane_no', 'rank', 'due_time', 'seq', 'position'],
    times: ['due_time'],
  },
  {
    name: 'failed_attempt',
    key: ['seq', 'position', 'dispatch_no'],
  },
  {
    name: 'dead_letter',
    key: ['dead_letter_no'],
  },
  { name: 'discarded_id', key: ['seq', 'position'] },
  {
    name: 'result',
    key: ['seq', 'first'],
  },
  {
    name: 'history',
    key: ['at', 'lane_no'],
  },
  {
    name: 'history_hour',
    key: ['at', 'lane_no'],
  },
  {
    name: 'staging',
    key: ['staging_no'],
    replaced: { lease_ends_time: '0' }, // no client continues a staged ingestion at the target
  },
  { name: 'callback', key: ['seq'] },
  { name: 'expiry', key: ['lane_no', 'expires_time', 'ingestion_id'], times: ['expires_time'] },
  { name: 'schedule', key: ['lane_no', 'rank', 'due_time', 'seq'], times: ['due_time'] },
  { name: 'label', key: ['label', 'created_at', 'seq'] },
  {
    name: 'webhook_delivery',
    key: ['delivery_no'],
    times: ['queued_time', 'due_time'],
  },
  { name: 'audit', key: ['audit_no'] },
  {
    name: 'bulk_action',
    key: ['bulk_action_no'],
    replaced: { lease_ends_time: '0' }, // the target's service goes on at once
  },
  { name: 'removal', key: ['seq'] },
  {
    name: 'idempotency',
    key: ['idempotency_no'],
    notCopied: ['idempotency_no'],
    // The embedded store keeps the keys of deleted ingestions. They are free, and a later row may hold the same key.
    where: `expires_time > :now
      AND EXISTS (SELECT 1 FROM ingestion WHERE ingestion.ingestion_id = idempotency.ingestion_id)`,
    times: ['expires_time'],
  },
];
