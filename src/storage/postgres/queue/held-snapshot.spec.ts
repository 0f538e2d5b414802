import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { highList } from '../../../../test/support/lists.js';
import { usePostgres, withClient } from '../../../../test/support/postgres-stores.js';
import { DEFAULT_LANE } from '../../../domain/lane.js';
import { PostgresDatabase } from '../database/database.js';
import type { Statement } from '../database/statement.js';
import { selectHeads } from './pending-ids.js';
import { claimFrom } from '../../../../test/support/claims.js';

const TERMS = { lane: DEFAULT_LANE, batchSize: 3, delayMs: 0, leaseMs: 60_000, agingMs: null };
const LANES = '{1}';
const VERSIONS = 3000;

describe('While a snapshot is held open on PostgreSQL', () => {
  const postgres = usePostgres();
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Pages that a statement touches. */
  async function pagesOf({ text }: Statement, ...values: readonly string[]): Promise<number> {
    const [row] = await postgres.run(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
    const [{ Plan: plan }] = row?.['QUERY PLAN'] as [{ Plan: Record<string, number> }];
    return Number(plan['Shared Hit Blocks']) + Number(plan['Shared Read Blocks']);
  }

  it('a claim reads the gate’s row at the version that it wrote, past none of the dead ones', async () => {
    const schema = postgres.newSchema();
    await postgres.open({ schema });
    const head = selectHeads(schema, TERMS.batchSize);
    const headOfVersion = selectHeads(schema, TERMS.batchSize, { isVersionKnown: true });
    const versionOf = async (): Promise<string> =>
      `{"${String((await postgres.run(`SELECT ctid FROM ${schema}.gate`))[0]?.['ctid'])}"}`;
    const before = await pagesOf(headOfVersion, LANES, await versionOf());

    await withClient(postgres.url, async (holder) => {
      await holder.query(`BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM ${schema}.gate`);
      await postgres.run(`
        DO $$ BEGIN
          FOR i IN 1..${String(VERSIONS)} LOOP
            UPDATE ${schema}.gate SET slot_taken_time = i;
            COMMIT;
          END LOOP;
        END $$
      `);
      expect(await pagesOf(head, LANES)).toBeGreaterThan(before + 10);
      expect(await pagesOf(headOfVersion, LANES, await versionOf())).toBe(before);
    });
  });

  it('a claim that follows an own one needs no second read, and one that follows another’s reads again', async () => {
    const schema = postgres.newSchema();
    const own = await postgres.open({ schema });
    const other = await postgres.open({ schema });
    await own.ingestions.acceptAll([highList([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])]);
    const claim = async (store: typeof own): Promise<string> => (await claimFrom(store, TERMS)).kind;
    await claim(own);
    await claim(other);
    const read = jest.spyOn(PostgresDatabase.prototype, 'readAll');
    const headsRead = (): number =>
      read.mock.calls.flat(2).filter(({ statement }) => statement.text.includes('.waiting WHERE lane_no'))
        .length;

    expect([await claim(other), headsRead()]).toEqual(['dispatch', 1]);
    expect([await claim(own), headsRead()]).toEqual(['dispatch', 3]);
  });
});
