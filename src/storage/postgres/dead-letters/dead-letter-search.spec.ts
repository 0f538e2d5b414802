import { describe, expect, it } from '@jest/globals';
import type { DeadLetterFilter } from '../../../operations/dead-letters/dead-letter.repository.js';
import { usePostgres } from '../../../../test/support/postgres-stores.js';
import { toSearch } from './dead-letter-search.js';

const LETTERS = 20_000;
const LIST = '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c';

describe('Dead letters found by a property in PostgreSQL', () => {
  const postgres = usePostgres();

  it('are read from its index in order, never sorted, whatever values are bound', async () => {
    const schema = postgres.newSchema();
    await postgres.open({ schema });
    await postgres.run(`
      INSERT INTO ${schema}.dead_letter
        (seq, position, batch_no, failures, kind, message, died_at, lane_no, client, upstream_status)
      SELECT no / 10, no % 10, 0, 1, CASE WHEN no = 1 THEN 'timeout' ELSE 'rejected' END, 'message ' || no % 3, no,
             CASE WHEN no = 1 THEN 2 ELSE 1 END, 'shop', 503
      FROM generate_series(1, ${String(LETTERS)}) AS no
    `);
    await postgres.run(`
      INSERT INTO ${schema}.dead_letter_label (label, died_at, dead_letter_no)
      SELECT 'shop=a', died_at, dead_letter_no FROM ${schema}.dead_letter
    `);
    await postgres.run(`ANALYZE ${schema}.dead_letter, ${schema}.dead_letter_label`);
    const planOf = async (filter: DeadLetterFilter): Promise<string> => {
      const { letter } = toSearch(schema, filter, null, 100);
      const rows = await postgres.run(`EXPLAIN (GENERIC_PLAN) ${letter}`);
      return rows.map((row) => String(row['QUERY PLAN'])).join('\n');
    };

    const indexes: readonly [DeadLetterFilter, string][] = [
      [{}, 'dead_letter_of_time'],
      [{ ingestionId: LIST }, 'dead_letter_of_ingestion'],
      [{ kind: 'timeout' }, 'dead_letter_of_kind'],
      [{ lane: 'slow' }, 'dead_letter_of_lane'],
      [{ message: 'message 1' }, 'dead_letter_of_message'],
      [{ client: 'shop' }, 'dead_letter_of_client'],
      [{ upstreamStatus: 503 }, 'dead_letter_of_status'],
      [{ labels: { shop: 'a' } }, 'dead_letter_label_pkey'],
    ];
    for (const [filter, index] of indexes) {
      const plan = await planOf(filter);
      expect(plan).toMatch(new RegExp(`Index (Only )?Scan Backward using ${index}`));
      expect(plan).not.toMatch(/Sort|Hash|Bitmap|Seq Scan on dead_letter/);
    }
  });
});
