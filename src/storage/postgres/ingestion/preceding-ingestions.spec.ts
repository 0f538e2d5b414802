import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { highList } from '../../../../test/support/lists.js';
import { usePostgres } from '../../../../test/support/postgres-stores.js';
import { PostgresDatabase } from '../database/database.js';
import { selectPreceding } from './preceding-ingestions.js';

const LISTS = 20_000;

describe('Ingestions found by time in PostgreSQL', () => {
  const postgres = usePostgres();
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are read from an index in order, never sorted, whatever values are bound', async () => {
    const schema = postgres.newSchema();
    await postgres.open({ schema });
    await postgres.run(`
      INSERT INTO ${schema}.ingestion
        (seq, ingestion_id, lane_no, rank, client, total, accepted_time, created_at, updated_at, labels)
      SELECT no, gen_random_uuid(), 1, 1, 'client ' || no % 50, 1, 0, no / 10, no, '{"shop":"a"}'
      FROM generate_series(1, ${String(LISTS)}) AS no
    `);
    await postgres.run(`
      INSERT INTO ${schema}.label (label, created_at, seq, client)
      SELECT 'shop=' || CASE WHEN seq % 2 = 0 THEN 'a' ELSE 'b' END, created_at, seq, client FROM ${schema}.ingestion
    `);
    await postgres.run(`ANALYZE ${schema}.ingestion, ${schema}.label`);
    const planOf = async (text: string): Promise<string> =>
      (await postgres.run(`EXPLAIN (GENERIC_PLAN) ${text}`))
        .map((row) => String(row['QUERY PLAN']))
        .join('\n');
    const { all, ofClient, withLabel, ofClientWithLabel } = selectPreceding(schema);

    const plans = await Promise.all(
      [all, ofClient, withLabel, ofClientWithLabel].map(({ text }) => planOf(text)),
    );
    expect(plans[0]).toMatch(/Index Scan Backward using ingestion_created/);
    expect(plans[1]).toMatch(/Index Scan Backward using ingestion_of_client/);
    expect(plans[2]).toMatch(/Index (Only )?Scan Backward using label_of_time/);
    expect(plans[3]).toMatch(/Index (Only )?Scan Backward using label_of_client/);
    for (const plan of plans) {
      expect(plan).not.toMatch(/Sort|Hash|Bitmap|Seq Scan on (label|ingestion)/);
    }
  });

  it('have labels that cost a list without any no statement and no row', async () => {
    const { ingestions } = await postgres.open();
    const writeAll = jest.spyOn(PostgresDatabase.prototype, 'writeAll');
    const statementsFor = async (labels: Record<string, string>): Promise<string[]> => {
      writeAll.mockClear();
      await ingestions.acceptAll([{ ...highList([1]), labels }]);
      return writeAll.mock.calls.flatMap(([steps]) => steps.map(({ statement }) => statement.text));
    };
    await statementsFor({});
    const plain = await statementsFor({});
    const labelled = await statementsFor({ shop: 'a' });

    expect(plain.join('\n')).not.toContain('label');
    expect(labelled.filter((text) => text.includes('label'))).toHaveLength(1);
  });
});
