import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { usePostgres, withClient } from '../../../test/support/postgres-stores.js';
import { waitFor } from '../../../test/support/wait-for.js';
import { MIGRATIONS, STEPS_AHEAD } from './database/migrate.js';
import { PostgresStore } from './store.js';

const FIXTURE = 'test/contract/fixtures/schema-20.postgresql.sql.gz';
const FIXTURE_VERSION = 20;

describe('The store of an earlier release', () => {
  const stores = usePostgres();

  async function leaveEarlier(): Promise<string> {
    const schema = stores.newSchema();
    const sql = gunzipSync(readFileSync(FIXTURE)).toString();
    await stores.run(sql.replaceAll(/\bsluice\b/g, schema));
    return schema;
  }

  /** Describes the columns, indexes, constraints, functions and triggers of a schema. */
  async function describeSchema(schema: string): Promise<unknown[]> {
    const rows = await stores.run(
      `SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
              || coalesce(column_default, '') AS line
       FROM information_schema.columns WHERE table_schema = $1
       UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = $1
       UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = $1::regnamespace AND contype <> 'n'
       UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = $1::regnamespace AND prokind = 'f'
       UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid
       WHERE relnamespace = $1::regnamespace AND NOT tgisinternal
       ORDER BY line`,
      [schema],
    );
    return rows.map(({ line }) => String(line).replaceAll(schema, 'of_store'));
  }

  it.each([
    ['at once', 0],
    ['after an attempt that has failed halfway', 5],
    [
      'after an attempt that has failed in the migrations',
      STEPS_AHEAD.between(FIXTURE_VERSION, Infinity).length,
    ],
  ])('gets the same schema as a new store, %s', async (_, steps) => {
    const [earlier, fresh] = [await leaveEarlier(), stores.newSchema()];
    for (const { sql } of STEPS_AHEAD.between(FIXTURE_VERSION, Infinity).slice(0, steps)) {
      await stores.run(`SET search_path = ${earlier}; ${sql}`);
    }
    await stores.open({ schema: earlier });
    await stores.open({ schema: fresh });

    expect(await describeSchema(earlier)).toEqual(await describeSchema(fresh));
    const [row] = await stores.run(`SELECT max(version) AS version FROM ${earlier}.sluice_migration`);
    expect(row?.['version']).toBe(MIGRATIONS.latestVersion);
  });

  it('gets the same schema where the indexes of its lists were made before, as docs/upgrading.md says', async () => {
    const [earlier, fresh] = [await leaveEarlier(), stores.newSchema()];
    const [, statements = ''] =
      /```sql\n(SET search_path.*?)```/s.exec(readFileSync('docs/upgrading.md', 'utf8')) ?? [];
    await withClient(stores.url, async (client) => {
      for (const statement of statements.replace('sluice', earlier).split(/;.*\n/)) {
        await client.query(statement);
      }
    });
    expect(await describeSchema(earlier)).toContainEqual(
      expect.stringContaining('INDEX ingestion_of_client_ahead'),
    );
    await stores.open({ schema: earlier });
    await stores.open({ schema: fresh });

    expect(await describeSchema(earlier)).toEqual(await describeSchema(fresh));
  });

  it('lets lists be read while its dead letters are migrated', async () => {
    const schema = await leaveEarlier();
    const isWaiting = `SELECT FROM pg_locks WHERE relation = '${schema}.dead_letter'::regclass AND NOT granted`;
    const opening = await withClient(stores.url, async (holder) => {
      await holder.query(`BEGIN; LOCK TABLE ${schema}.dead_letter IN ACCESS SHARE MODE`);
      const opened = stores.open({ schema }).catch((error: unknown) => error);
      await waitFor('the migration to wait', async () => (await stores.run(isWaiting)).length > 0);

      const lists = await withClient(stores.url, async (reader) => {
        await reader.query(`SET lock_timeout = '1s'`);
        return reader.query(`SELECT FROM ${schema}.ingestion LIMIT 1`).catch((error: unknown) => error);
      });
      expect(lists).toMatchObject({ rowCount: 1 });
      return [opened];
    });
    expect(await opening[0]).toBeInstanceOf(PostgresStore);
  });

  it.each([
    ['gate', 'ingestion'], // as a claim
    ['webhook_delivery', 'retry'], // in another order than the migrations
  ])('is migrated while a transaction uses %s and then %s, without a deadlock', async (first, second) => {
    const schema = await leaveEarlier();
    for (const { sql } of STEPS_AHEAD.between(FIXTURE_VERSION, Infinity)) {
      await stores.run(`SET search_path = ${schema}; ${sql}`);
    }
    const isWaiting = `SELECT FROM pg_locks WHERE relation = '${schema}.${first}'::regclass AND NOT granted`;
    const [opening] = await withClient(stores.url, async (client) => {
      await client.query(`BEGIN; LOCK TABLE ${schema}.${first} IN ROW EXCLUSIVE MODE`);
      const opened = stores.open({ schema }).catch((error: unknown) => error);
      await waitFor('the migration to wait', async () => (await stores.run(isWaiting)).length > 0);
      await client.query(`SET LOCAL lock_timeout = '0.7s'`); // less than it takes to find a deadlock
      await client.query(`LOCK TABLE ${schema}.${second} IN ROW EXCLUSIVE MODE`);
      await client.query('COMMIT');
      return [opened];
    });
    expect(await opening).toBeInstanceOf(PostgresStore);
  });

  it('lets requests through while another program keeps a table', async () => {
    const schema = await leaveEarlier();
    const isWaiting = `SELECT FROM pg_locks WHERE relation = '${schema}.ingestion'::regclass AND NOT granted`;
    const [opening] = await withClient(stores.url, async (holder) => {
      await holder.query(`BEGIN; LOCK TABLE ${schema}.ingestion IN ACCESS SHARE MODE`);
      const opened = stores.open({ schema }).catch((error: unknown) => error);
      await waitFor('the migration to wait', async () => (await stores.run(isWaiting)).length > 0);

      const read = await withClient(stores.url, async (reader) => {
        await reader.query(`SET statement_timeout = '4s'`);
        return reader.query(`SELECT FROM ${schema}.ingestion LIMIT 1`).catch((error: unknown) => error);
      });
      expect(read).toMatchObject({ rowCount: 1 });
      return [opened];
    });
    expect(await opening).toBeInstanceOf(PostgresStore);
  });
});
