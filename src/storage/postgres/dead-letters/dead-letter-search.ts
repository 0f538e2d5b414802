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
import type { PostgresDatabase } from '../database/database.js';
import { postgresDialect } from '../database/dialect.js';
import { statement, type Statement } from '../database/statement.js';

/** A search as SQL: `letter` has the entries that the index finds, `matches` is true for those that match the filter. */
interface Search {
  readonly letter: string;
  readonly matches: string;
  readonly values: readonly unknown[];
}

/** An indexed column, the value to compare it with, and the condition of a partial index. */
type IndexedColumn = readonly [column: string, value: string, condition?: string];

/** Searches dead letters in steps, each by one index. */
export class DeadLetterSearch {
  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
  ) {}

  async scan(
    filter: DeadLetterFilter,
    before: DeadLetterCursor | null,
    limit: number,
  ): Promise<DeadLetterScan> {
    const { letter, matches, values } = toSearch(this.schema, filter, before, limit);
    const select: Statement<ScannedRow> = statement(scanSql(letter, matches));
    return toScan(await this.database.read(select, values), limit);
  }

  async tally(
    filter: DeadLetterFilter,
    before: DeadLetterCursor | null,
    limit: number,
  ): Promise<DeadLetterTallies> {
    const { letter, matches, values } = toSearch(this.schema, filter, before, limit);
    const select: Statement<TallyStepRow> = statement(
      tallySql(letter, matches, postgresDialect(this.schema)),
    );
    return toTallies(await this.database.read(select, values), limit);
  }
}

/** Writes the search for a filter. $1 and $2 are the position, $3 the earliest time, $4 the maximum number of entries. */
export function toSearch(
  schema: string,
  filter: DeadLetterFilter,
  before: DeadLetterCursor | null,
  limit: number,
): Search {
  const dialect = postgresDialect(schema);
  const index = chooseIndex(filter);
  const value = index.property === 'ingestion' ? dialect.toUuidColumn(String(index.value)) : index.value;
  const own = index.property === 'time' ? [] : [value];
  const [beforeMs, beforeNo, fromMs] = toScanRange(filter, before);
  const { sql, values } = buildWhere(dialect, deadLetterConditions(filter, dialect), 4 + own.length);
  return {
    letter: toLetterSql(schema, index),
    // The rows of an ingestion that was deleted are deleted a little later.
    matches: `coalesce((SELECT true FROM ${schema}.ingestion WHERE ingestion.seq = letter.seq LIMIT 1) ${sql}, false)`,
    values: [beforeMs, beforeNo, fromMs, limit, ...own, ...values],
  };
}

/**
 * Compares whole rows of the index and sorts by all of its columns: with `=` the planner could read all newer dead letters
 * instead, where it takes the value for a frequent one.
 */
function toLetterSql(schema: string, { property }: DeadLetterIndex): string {
  if (property === 'label') {
    return ofEntries(
      schema,
      toRangeSql(`${schema}.dead_letter_label`, 'died_at, dead_letter_no', ['label', '$5::text']),
    );
  }
  if (property === 'time') {
    return `
      SELECT * FROM ${schema}.dead_letter
      WHERE (died_at, dead_letter_no) < ($1::bigint, $2::bigint) AND died_at >= $3::bigint
      ORDER BY died_at DESC, dead_letter_no DESC LIMIT $4::bigint`;
  }
  const table = `${schema}.dead_letter`;
  const column = toColumn(schema, property);
  return toRangeSql(table, '*', column);
}

function toRangeSql(table: string, columns: string, [column, value, condition = '']: IndexedColumn): string {
  return `
    SELECT ${columns} FROM ${table}
    WHERE (${column}, died_at, dead_letter_no) < (${value}, $1::bigint, $2::bigint)
      AND (${column}, died_at) >= (${value}, $3::bigint) ${condition}
    ORDER BY ${column} DESC, died_at DESC, dead_letter_no DESC LIMIT $4::bigint`;
}

/** Reads the rows of entries. */
function ofEntries(schema: string, entries: string): string {
  return `
    SELECT its.* FROM (${entries}) AS entry CROSS JOIN LATERAL (
      SELECT * FROM ${schema}.dead_letter WHERE dead_letter.dead_letter_no = entry.dead_letter_no LIMIT 1
    ) AS its`;
}

function toColumn(
  schema: string,
  property: Exclude<DeadLetterIndex['property'], 'label' | 'time'>,
): IndexedColumn {
  const toStart = (text: string): string => `left(${text}, ${String(INDEXED_MESSAGE_CHARACTERS)})`;
  switch (property) {
    case 'ingestion':
      return ['(seq + 0)', `(SELECT seq FROM ${schema}.ingestion WHERE ingestion_id = $5::uuid)`];
    case 'message':
      return [toStart('message'), toStart('$5::text')];
    case 'client':
      return ['client', '$5::text', 'AND client IS NOT NULL'];
    case 'status':
      return ['upstream_status', '$5::int', 'AND upstream_status IS NOT NULL'];
    case 'kind':
      return ['kind', '$5::text'];
    case 'lane':
      return ['lane_no', `(SELECT lane_no FROM ${schema}.gate WHERE lane = $5::text)`];
  }
}
