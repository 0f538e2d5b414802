import type { NewIngestion } from '../../../domain/ingestion.js';
import { statement, type BoundStatement } from '../database/statement.js';

/**
 * Inserts the callbacks of the items that the preceding statement accepted. Returns no step if no item has one, as in
 * most groups. $1 ingestion ids, $2 their URLs.
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
