import type { IngestionCursor, IngestionRecord } from '../../../domain/ingestion.js';
import type { IngestionIndexFilter } from '../../../ingestion/ingestion.repository.js';
import {
  ingestionColumns,
  LISTED_SEQ,
  toIngestionRecord,
  type IngestionRow,
} from '../../shared/rows/ingestion-row.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';

const PRECEDES = `(created_at, ${LISTED_SEQ}) < ($1::bigint, $2::bigint) AND created_at >= $3::bigint`;

/** Selects ingestions, the newest first, by walking the index of all ingestions or of a client. */
function selectFromIngestions(schema: string, condition: string): Statement<IngestionRow> {
  return statement(`
    SELECT ${ingestionColumns(`${schema}.gate`)} FROM ${schema}.ingestion
    WHERE ${condition} ${PRECEDES}
    ORDER BY created_at DESC, ${LISTED_SEQ} DESC LIMIT $4::bigint
  `);
}

/**
 * Selects ingestions with a label, the newest first, by walking the rows of the label. The LIMIT within keeps PostgreSQL
 * from joining all of them before it sorts.
 */
function selectFromLabels(schema: string, condition: string): Statement<IngestionRow> {
  return statement(`
    SELECT head.* FROM (
      SELECT created_at AS labelled_at, ${LISTED_SEQ} AS labelled_no, seq AS labelled_seq FROM ${schema}.label
      WHERE ${condition} ${PRECEDES}
    ) AS labelled CROSS JOIN LATERAL (
      SELECT ${ingestionColumns(`${schema}.gate`)} FROM ${schema}.ingestion WHERE seq = labelled_seq LIMIT 1
    ) AS head
    ORDER BY labelled_at DESC, labelled_no DESC LIMIT $4::bigint
  `);
}

/** Creates the statements that find ingestions by time, by what else they filter. */
export function selectPreceding(
  schema: string,
): Readonly<Record<'all' | 'ofClient' | 'withLabel' | 'ofClientWithLabel', Statement<IngestionRow>>> {
  return {
    all: selectFromIngestions(schema, ''),
    ofClient: selectFromIngestions(schema, 'client = $5::text AND'),
    withLabel: selectFromLabels(schema, 'label = $5::text AND'),
    ofClientWithLabel: selectFromLabels(schema, 'client = $5::text AND label = $6::text AND'),
  };
}

/** Finds ingestions by time, each filter by an index. */
export class PrecedingIngestions {
  private readonly statements: ReturnType<typeof selectPreceding>;

  constructor(schema: string) {
    this.statements = selectPreceding(schema);
  }

  /** Implements `IngestionRepository.findPreceding`. */
  async find(
    database: PostgresDatabase,
    { createdAtMs, listedSeq }: IngestionCursor,
    earliestMs: number,
    limit: number,
    { client, label }: IngestionIndexFilter,
  ): Promise<IngestionRecord[]> {
    const place = [createdAtMs, listedSeq, earliestMs, limit];
    const rows = await database.read(this.statementFor(client, label), [
      ...place,
      ...[client, label].filter((value) => value !== null),
    ]);
    return rows.map(toIngestionRecord);
  }

  private statementFor(client: string | null, label: string | null): Statement<IngestionRow> {
    const { all, ofClient, withLabel, ofClientWithLabel } = this.statements;
    if (label === null) {
      return client === null ? all : ofClient;
    }
    return client === null ? withLabel : ofClientWithLabel;
  }
}
