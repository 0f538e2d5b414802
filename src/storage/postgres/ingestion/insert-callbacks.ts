import type { NewIngestion } from '../../../domain/ingestion.js';
import { statement, type BoundStatement } from '../database/statement.js';

/**
 * Keeps the callbacks of those of a group that were accepted by the statement before it; none where none has one, as
 * with most groups. $1 ingestion ids, $2 their URLs.
 */
export function insertCallbacks(schema: string, items: readonly NewIngestion[]): BoundStatement[] {
  const wanted = items.filter(({ callbackUrl }) => callbackUrl !== undefined);
  if (wanted.length === 0) {
    return [];
  }
  return [
    {
      statement: statement(`
        INSERT INTO ${schema}.callback (seq, url)
        SELECT seq, url FROM unnest($1::uuid[], $2::text[]) AS wanted (ingestion_id, url)
        JOIN ${schema}.ingestion USING (ingestion_id)
      `),
      values: [wanted.map(({ ingestionId }) => ingestionId), wanted.map(({ callbackUrl }) => callbackUrl)],
    },
  ];
}
