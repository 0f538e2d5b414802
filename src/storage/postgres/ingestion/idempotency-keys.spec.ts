import { describe, expect, it } from '@jest/globals';
import { usePostgres, withClient } from '../../../../test/support/postgres-stores.js';
import { pruneKeys } from './idempotency-keys.js';

const KEYS = 5000;
const EXPIRED = 10;

describe('Idempotency keys in PostgreSQL', () => {
  const postgres = usePostgres();

  it('are pruned by an index, at a cost that does not grow with the keys within their window', async () => {
    const schema = postgres.newSchema();
    await postgres.open({ schema });
    await postgres.run(`
      INSERT INTO ${schema}.idempotency (key, content, ingestion_id, expires_time)
      SELECT int4send(no), '', gen_random_uuid(),
             ${schema}.store_now() + CASE WHEN no <= ${String(EXPIRED)} THEN -1000 ELSE 300000 END
      FROM generate_series(1, ${String(KEYS)}) AS no
    `);
    const plan = await withClient(postgres.url, async (client) => {
      await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off'); // as in each transaction
      return client.query<Record<string, string>>(`EXPLAIN ANALYZE ${pruneKeys(schema).statement.text}`);
    });
    const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n');

    expect(lines).toMatch(/Index Cond: \(expires_time <= /);
    expect(lines).not.toContain('Rows Removed by Filter');
    const [row] = await postgres.run(`SELECT count(*)::int AS keys FROM ${schema}.idempotency`);
    expect(row).toEqual({ keys: KEYS - EXPIRED });
  });
});
