import type { IngestionCursor, IngestionRecord } from '../../../domain/ingestion.js';
import type { IngestionIndexFilter } from '../../../ingestion/ingestion.repository.js';
import {
  ingestionColumns,
  LISTED_SEQ,
  toIngestionRecord,
  type IngestionRow,
} from '../../shared/rows/ingestion-row.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

const IN_TIME = 'created_at <= :createdAtMs AND created_at >= :earliestMs';

/**
 * Selects ingestions, the newest first, by walking the index of all ingestions or of a client. Only those of the same time
 * are sorted.
 */
function selectFromIngestions(condition: string): string {
  return `
    SELECT ${ingestionColumns('gate')} FROM ingestion
    WHERE ${condition} ${IN_TIME} AND (created_at, ${LISTED_SEQ}) < (:createdAtMs, :listedSeq)
    ORDER BY created_at DESC, ${LISTED_SEQ} DESC LIMIT :limit
  `;
}

/** Selects ingestions with a label, the newest first, by walking the rows of the label. CROSS JOIN fixes the order. */
function selectFromLabels(index: string, condition: string): string {
  return `
    SELECT ${ingestionColumns('gate')} FROM (
      SELECT created_at AS labelled_at, seq AS labelled_seq FROM label ${index}
      WHERE ${condition} label = :label AND ${IN_TIME}
    ) CROSS JOIN ingestion ON seq = labelled_seq
    WHERE (labelled_at, ${LISTED_SEQ}) < (:createdAtMs, :listedSeq)
    ORDER BY labelled_at DESC, ${LISTED_SEQ} DESC LIMIT :limit
  `;
}

/** The statements that find ingestions by time, by what else they filter. */
export const SELECT_PRECEDING = {
  all: selectFromIngestions(''),
  ofClient: selectFromIngestions('client = :client AND'),
  withLabel: selectFromLabels('', ''),
  ofClientWithLabel: selectFromLabels('INDEXED BY label_of_client', 'client = :client AND'),
} as const;

/** Finds ingestions by time, each filter by an index. */
export class PrecedingIngestions {
  private readonly statements: Readonly<
    Record<keyof typeof SELECT_PRECEDING, PreparedStatement<IngestionRow>>
  >;

  constructor(database: SqliteDatabase) {
    this.statements = {
      all: database.prepare(SELECT_PRECEDING.all),
      ofClient: database.prepare(SELECT_PRECEDING.ofClient),
      withLabel: database.prepare(SELECT_PRECEDING.withLabel),
      ofClientWithLabel: database.prepare(SELECT_PRECEDING.ofClientWithLabel),
    };
  }

  /** Implements `IngestionRepository.findPreceding`. */
  find(
    { createdAtMs, listedSeq }: IngestionCursor,
    earliestMs: number,
    limit: number,
    { client, label }: IngestionIndexFilter,
  ): IngestionRecord[] {
    const place = { createdAtMs, listedSeq, earliestMs, limit };
    return this.statements[statementFor(client, label)]
      .all({ ...place, ...(client !== null && { client }), ...(label !== null && { label }) })
      .map(toIngestionRecord);
  }
}

function statementFor(client: string | null, label: string | null): keyof typeof SELECT_PRECEDING {
  if (label === null) {
    return client === null ? 'all' : 'ofClient';
  }
  return client === null ? 'withLabel' : 'ofClientWithLabel';
}
