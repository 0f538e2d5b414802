import { formatLabel, type Labels } from '../../domain/labels.js';
import type {
  DeadLetterCursor,
  DeadLetterFilter,
  DeadLetterScan,
  DeadLetterTallies,
} from '../../operations/dead-letters/dead-letter.repository.js';
import { toTally, type TallyRow } from './rows/dead-letter-row.js';
import type { Condition, Dialect } from './where.js';

/** The number of characters of a message that are indexed. */
export const INDEXED_MESSAGE_CHARACTERS = 80;

/** The indexed property by which a search runs. `time` has no value: it selects all dead letters. */
export interface DeadLetterIndex {
  readonly property: 'ingestion' | 'label' | 'message' | 'client' | 'status' | 'kind' | 'lane' | 'time';
  readonly value: string | number | null;
}

/** Chooses the index for a filter. The property that usually selects the fewest dead letters comes first. */
export function chooseIndex(filter: DeadLetterFilter): DeadLetterIndex {
  const { ingestionId, labels, message, client, upstreamStatus, kind, lane } = filter;
  const [label] = Object.entries(labels ?? {});
  const indexes: [DeadLetterIndex['property'], string | number | undefined][] = [
    ['ingestion', ingestionId],
    ['label', label && formatLabel(label)],
    ['message', message],
    ['client', client],
    ['status', upstreamStatus],
    ['kind', kind],
    ['lane', lane],
  ];
  for (const [property, value] of indexes) {
    if (value !== undefined) {
      return { property, value };
    }
  }
  return { property: 'time', value: null };
}

/** Returns the conditions for rows that an index has found, under the name `letter`. */
export function deadLetterConditions(
  filter: DeadLetterFilter,
  { table }: Pick<Dialect<unknown>, 'table'>,
): Condition[] {
  return [
    {
      type: 'uuid',
      value: filter.ingestionId,
      toSql: (id) => `letter.seq = (SELECT seq FROM ${table('ingestion')} WHERE ingestion_id = ${id})`,
    },
    { type: 'text', value: filter.message, toSql: (placeholder) => `letter.message = ${placeholder}` },
    { type: 'text', value: filter.client, toSql: (placeholder) => `letter.client = ${placeholder}` },
    {
      type: 'int',
      value: filter.upstreamStatus,
      toSql: (placeholder) => `letter.upstream_status = ${placeholder}`,
    },
    { type: 'text', value: filter.kind, toSql: (placeholder) => `letter.kind = ${placeholder}` },
    {
      type: 'text',
      value: filter.lane,
      toSql: (lane) => `letter.lane_no = (SELECT lane_no FROM ${table('gate')} WHERE lane = ${lane})`,
    },
    { type: 'bigint', value: filter.upTo, toSql: (number) => `letter.dead_letter_no <= ${number}` },
    ...labelConditions(filter.labels, table('dead_letter_label')),
  ];
}

function labelConditions(labels: Labels | undefined, labelTable: string): Condition[] {
  return Object.entries(labels ?? {}).map((label) => ({
    type: 'text',
    value: formatLabel(label),
    toSql: (placeholder) => `EXISTS (
      SELECT 1 FROM ${labelTable} AS its
      WHERE its.label = ${placeholder} AND its.died_at = letter.died_at
        AND its.dead_letter_no = letter.dead_letter_no
    )`,
  }));
}

/** Returns the cursor from which a search reads, and the earliest time that it reads, both in the types of columns. */
export function toScanRange(
  { failedFromMs, failedBeforeMs }: DeadLetterFilter,
  before: DeadLetterCursor | null,
): readonly [beforeMs: number, beforeNo: number, fromMs: number] {
  const newest = failedBeforeMs ?? Number.MAX_SAFE_INTEGER;
  const start =
    before !== null && before.failedAtMs < newest ? before : { failedAtMs: newest, deadLetterNo: 0 };
  return [start.failedAtMs, start.deadLetterNo, failedFromMs ?? 0];
}

/** An entry that a search has read. */
export interface ScannedRow {
  readonly died_at: number;
  readonly dead_letter_no: number;
  /** 1 or true if it matches the filter. */
  readonly is_match: number | boolean;
}

/** Returns the result of a step that has read these rows; fewer than `limit` are the last ones. */
export function toScan(rows: readonly ScannedRow[], limit: number): DeadLetterScan {
  const last = rows.at(-1);
  return {
    found: rows.filter((row) => row.is_match === 1 || row.is_match === true).map(toCursor),
    next: last === undefined || rows.length < limit ? null : toCursor(last),
  };
}

function toCursor(row: ScannedRow): DeadLetterCursor {
  return { failedAtMs: row.died_at, deadLetterNo: row.dead_letter_no };
}

/**
 * A row of a counting step: a tally, or the end of the step, which has the oldest entry that was read and, as `ids`, the
 * number of all.
 */
export type TallyStepRow = TallyRow & {
  /** The number of the oldest entry; null for a tally. */
  readonly last_no: number | null;
};

/** SQL that reads the entries of `letter`, each with whether it `matches`. */
export function scanSql(letter: string, matches: string): string {
  return `
    SELECT died_at, dead_letter_no, ${matches} AS is_match FROM (${letter}) AS letter
    ORDER BY died_at DESC, dead_letter_no DESC`;
}

/** SQL that counts the entries of `letter` that `matches`, see {@link TallyStepRow}. */
export function tallySql(
  letter: string,
  matches: string,
  { table }: Pick<Dialect<unknown>, 'table'>,
): string {
  return `
    WITH letter AS MATERIALIZED (${letter})
    SELECT seq, (SELECT lane FROM ${table('gate')} AS gate WHERE gate.lane_no = letter.lane_no) AS lane, kind, message,
           upstream_status, count(*) AS ids, min(died_at) AS first_at, max(died_at) AS last_at,
           CAST(NULL AS bigint) AS last_no
    FROM letter WHERE ${matches} GROUP BY seq, lane_no, kind, message, upstream_status
    UNION ALL
    SELECT * FROM (
      SELECT CAST(NULL AS bigint), NULL, NULL, NULL, CAST(NULL AS int), count(*) OVER (), died_at, died_at, dead_letter_no
      FROM letter ORDER BY died_at, dead_letter_no LIMIT 1
    ) AS end_of_step`;
}

/** Returns the result of a counting step that may read `limit` entries; fewer are the last ones. */
export function toTallies(rows: readonly TallyStepRow[], limit: number): DeadLetterTallies {
  const end = rows.find(({ last_no: lastNo }) => lastNo !== null);
  return {
    tallies: rows.filter(({ last_no: lastNo }) => lastNo === null).map(toTally),
    next:
      end === undefined || end.last_no === null || end.ids < limit
        ? null
        : { failedAtMs: end.first_at, deadLetterNo: end.last_no },
  };
}
