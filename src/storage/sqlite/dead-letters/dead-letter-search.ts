import type { SQLInputValue } from 'node:sqlite';
import type {
  DeadLetterCursor,
  DeadLetterFilter,
  DeadLetterScan,
  DeadLetterTallies,
} from '../../../operations/dead-letters/dead-letter.repository.js';
import {
  chooseIndex,
  deadLetterConditions,
  INDEXED_MESSAGE_CHARACTERS,
  toScan,
  toScanRange,
  type DeadLetterIndex,
  type ScannedRow,
} from '../../shared/dead-letter-index.js';
import { toTally, type TallyRow } from '../../shared/rows/dead-letter-row.js';
import { buildWhere } from '../../shared/where.js';
import type { SqliteDatabase } from '../database/database.js';
import { SQLITE_DIALECT } from '../database/dialect.js';
import { toUuidColumn } from '../database/uuid-column.js';

const CHARACTERS = String(INDEXED_MESSAGE_CHARACTERS);

/** The index of each property, and the condition that it answers; ?5 is the value. */
const INDEXES: Readonly<
  Record<DeadLetterIndex['property'], { readonly index: string; readonly sql: string }>
> = {
  ingestion: {
    index: 'dead_letter_of_ingestion',
    sql: 'seq = (SELECT seq FROM ingestion WHERE ingestion_id = ?5)',
  },
  label: { index: '', sql: 'label = ?5' },
  message: {
    index: 'dead_letter_of_message',
    sql: `substr(message, 1, ${CHARACTERS}) = substr(?5, 1, ${CHARACTERS})`,
  },
  client: { index: 'dead_letter_of_client', sql: 'client = ?5' },
  status: { index: 'dead_letter_of_status', sql: 'upstream_status = ?5' },
  kind: { index: 'dead_letter_of_kind', sql: 'kind = ?5' },
  lane: { index: 'dead_letter_of_lane', sql: 'lane_no = (SELECT lane_no FROM gate WHERE lane = ?5)' },
  time: { index: 'dead_letter_of_time', sql: '?5 IS NULL' },
};

/** A search as SQL: `letter` has the entries that the index finds, `matches` is true for those that match the filter. */
interface Search {
  readonly letter: string;
  readonly matches: string;
  readonly values: readonly SQLInputValue[];
}

/** Searches dead letters in steps, each by one index. Callers hold the read. */
export class DeadLetterSearch {
  constructor(private readonly database: SqliteDatabase) {}

  scan(filter: DeadLetterFilter, before: DeadLetterCursor | null, limit: number): DeadLetterScan {
    const { letter, matches, values } = toSearch(filter, before, limit);
    const rows = this.database
      .prepareOnce<ScannedRow>(
        `SELECT died_at, dead_letter_no, ${matches} AS is_match FROM (${letter}) AS letter
         ORDER BY died_at DESC, dead_letter_no DESC`,
      )
      .all(...values);
    return toScan(rows, limit);
  }

  tally(filter: DeadLetterFilter, before: DeadLetterCursor | null, limit: number): DeadLetterTallies {
    const { letter, matches, values } = toSearch(filter, before, limit);
    const rows = this.database
      .prepareOnce<TallyRow>(
        `SELECT seq, (SELECT lane FROM gate WHERE gate.lane_no = letter.lane_no) AS lane, kind, message,
                upstream_status, count(*) AS ids, min(died_at) AS first_at, max(died_at) AS last_at
         FROM (${letter}) AS letter WHERE ${matches}
         GROUP BY seq, lane_no, kind, message, upstream_status`,
      )
      .all(...values);
    const { next } = this.scanKeys(filter, before, limit);
    return { tallies: rows.map(toTally), next };
  }

  /** Finds the end of a step. */
  private scanKeys(filter: DeadLetterFilter, before: DeadLetterCursor | null, limit: number): DeadLetterScan {
    const { letter, values } = toSearch(filter, before, limit, 'keys');
    const [last] = this.database
      .prepareOnce<ScannedRow & { entries: number }>(
        `SELECT died_at, dead_letter_no, 0 AS is_match, count(*) OVER () AS entries FROM (${letter})
         ORDER BY died_at, dead_letter_no LIMIT 1`,
      )
      .all(...values);
    return toScan(last === undefined || last.entries < limit ? [] : [last], 1);
  }
}

function toSearch(
  filter: DeadLetterFilter,
  before: DeadLetterCursor | null,
  limit: number,
  columns: 'all' | 'keys' = 'all',
): Search {
  const { property, value } = chooseIndex(filter);
  const indexed = property === 'ingestion' ? toUuidColumn(String(value)) : value;
  const conditions = columns === 'all' ? deadLetterConditions(filter, SQLITE_DIALECT) : [];
  const { sql, values } = buildWhere(SQLITE_DIALECT, conditions, 5);
  const [beforeMs, beforeNo, fromMs] = toScanRange(filter, before);
  return {
    letter: toLetterSql(property, columns),
    // The rows of an ingestion that was deleted are deleted a little later.
    matches: `(EXISTS (SELECT 1 FROM ingestion WHERE ingestion.seq = letter.seq) ${sql})`,
    values: [beforeMs, beforeNo, fromMs, limit, indexed, ...values],
  };
}

function toLetterSql(property: DeadLetterIndex['property'], columns: 'all' | 'keys'): string {
  const { index, sql } = INDEXES[property];
  const keys = columns === 'keys' ? 'died_at, dead_letter_no' : '*';
  if (property === 'label') {
    const entries = `
      SELECT died_at, dead_letter_no FROM dead_letter_label
      WHERE ${sql} AND (died_at, dead_letter_no) < (?1, ?2) AND died_at >= ?3
      ORDER BY died_at DESC, dead_letter_no DESC LIMIT ?4`;
    return columns === 'keys'
      ? entries
      : `SELECT dead_letter.* FROM (${entries}) AS entry CROSS JOIN dead_letter USING (dead_letter_no)`;
  }
  return `
    SELECT ${keys} FROM dead_letter INDEXED BY ${index}
    WHERE ${sql} AND (died_at, dead_letter_no) < (?1, ?2) AND died_at >= ?3
    ORDER BY died_at DESC, dead_letter_no DESC LIMIT ?4`;
}
