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
  scanSql,
  tallySql,
  toScan,
  toScanRange,
  toTallies,
  type DeadLetterIndex,
  type ScannedRow,
  type TallyStepRow,
} from '../../shared/dead-letter-index.js';
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
    return toScan(this.database.prepareOnce<ScannedRow>(scanSql(letter, matches)).all(...values), limit);
  }

  tally(filter: DeadLetterFilter, before: DeadLetterCursor | null, limit: number): DeadLetterTallies {
    const { letter, matches, values } = toSearch(filter, before, limit);
    const select = this.database.prepareOnce<TallyStepRow>(tallySql(letter, matches, SQLITE_DIALECT));
    return toTallies(select.all(...values), limit);
  }
}

function toSearch(filter: DeadLetterFilter, before: DeadLetterCursor | null, limit: number): Search {
  const { property, value } = chooseIndex(filter);
  const indexed = property === 'ingestion' ? toUuidColumn(String(value)) : value;
  const { sql, values } = buildWhere(SQLITE_DIALECT, deadLetterConditions(filter, SQLITE_DIALECT), 5);
  const [beforeMs, beforeNo, fromMs] = toScanRange(filter, before);
  return {
    letter: toLetterSql(property),
    // The rows of an ingestion that was deleted are deleted a little later.
    matches: `(EXISTS (SELECT 1 FROM ingestion WHERE ingestion.seq = letter.seq) ${sql})`,
    values: [beforeMs, beforeNo, fromMs, limit, indexed, ...values],
  };
}

function toLetterSql(property: DeadLetterIndex['property']): string {
  const { index, sql } = INDEXES[property];
  const range = `
    WHERE ${sql} AND (died_at, dead_letter_no) < (?1, ?2) AND died_at >= ?3
    ORDER BY died_at DESC, dead_letter_no DESC LIMIT ?4`;
  return property === 'label'
    ? `SELECT dead_letter.* FROM (SELECT died_at, dead_letter_no FROM dead_letter_label ${range}) AS entry
       CROSS JOIN dead_letter USING (dead_letter_no)`
    : `SELECT * FROM dead_letter INDEXED BY ${index} ${range}`;
}
