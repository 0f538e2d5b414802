import type { IngestionCursor, IngestionRecord } from '../../../domain/ingestion.js';
import type { IngestionIndexFilter } from '../../../ingestion/ingestion.repository.js';
import { ingestionColumns, toIngestionRecord, type IngestionRow } from '../../shared/rows/ingestion-row.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

const PRECEDES = '(created_at, seq) < (:createdAtMs, :seq) AND created_at >= :earliestMs';

/** Selects ingestions, the newest first, by walking the index of all ingestions or of a client. */
function selectFromIngestions(condition: string): string {
  return `
    SELECT ${ingestionColumns('gate')} FROM ingestion
    WHERE ${condition} ${PRECEDES} ORDER BY created_at DESC, seq DESC LIMIT :limit
  `;
}

/** Selects ingestions with a label, the newest first, by walking the rows of the label. CROSS JOIN fixes the order. */
function selectFromLabels(index: string, condition: string): string {
  return `
    SELECT ${ingestionColumns('gate')} FROM (
      SELECT created_at AS labelled_at, seq AS labelled_seq FROM label ${index}
      WHERE ${condition} label = :label AND ${PRECEDES}
    ) CROSS JOIN ingestion ON seq = labelled_seq
    ORDER BY labelled_at DESC, labelled_seq DESC LIMIT :limit
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
    { createdAtMs, seq }: IngestionCursor,
    earliestMs: number,
    limit: number,
    { client, label }: IngestionIndexFilter,
  ): IngestionRecord[] {
    const place = { createdAtMs, seq, earliestMs, limit };
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
