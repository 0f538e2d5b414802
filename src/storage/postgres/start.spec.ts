import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { claimFrom } from '../../../test/support/claims.js';
import { INTAKE } from '../../../test/support/ingest-function.js';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { usePostgres } from '../../../test/support/postgres-stores.js';
import { StoreOpenError } from '../../domain/store-errors.js';

const NOBODY_LISTENS = 'postgres://someone:hidden@127.0.0.1:1/nowhere';

describe('The PostgreSQL store starts', () => {
  const stores = usePostgres();

  /** Gives a role these rights on the tables of a schema, and returns the URL with which it connects. */
  async function urlOfReader(schema: string, rights: string): Promise<string> {
    await stores.run(`
      DO $$ BEGIN CREATE ROLE sluice_reader LOGIN PASSWORD 'reader'; EXCEPTION WHEN duplicate_object THEN END $$;
      GRANT USAGE ON SCHEMA ${schema} TO sluice_reader;
      GRANT ${rights} ON ALL TABLES IN SCHEMA ${schema} TO sluice_reader;
    `);
    const url = new URL(stores.url);
    url.username = 'sluice_reader';
    url.password = 'reader';
    return url.href;
  }

  it('in a schema that it makes, beside other applications', async () => {
    const schema = stores.newSchema();
    await stores.open({ schema });

    const rows = await stores.run(
      'SELECT table_name FROM information_schema.tables WHERE table_schema = $1',
      [schema],
    );
    expect(rows.map((row) => row['table_name'])).toEqual(
      expect.arrayContaining(['gate', 'ingestion', 'chunk']),
    );
    expect(await stores.run(`SELECT to_regclass('public.gate') AS gate`)).toEqual([{ gate: null }]);
  });

  it('in a schema of any name', async () => {
    const store = await stores.open({ schema: 'Odd "name"; with \'quotes\'' });

    expect(await store.ingestions.findById('0198c0de-0000-7000-8000-000000000001')).toBeNull();
    expect(
      await claimFrom(store, {
        lane: DEFAULT_LANE,
        batchSize: 3,
        delayMs: 0,
        leaseMs: 1000,
        agingMs: null,
      }),
    ).toEqual({
      kind: 'nothing_due',
      dueInMs: null,
    });
  });

  it('ten times at once, and migrates once', async () => {
    const schema = stores.newSchema();
    await Promise.all(Array.from({ length: 10 }, () => stores.open({ schema, poolSize: 2 })));

    const files = readdirSync(new URL('./migrations/', import.meta.url)).filter((name) =>
      name.endsWith('.sql'),
    );
    expect(await stores.run(`SELECT version FROM ${schema}.sluice_migration ORDER BY version`)).toEqual(
      files.map((_, i) => ({ version: i + 1 })),
    );
    expect(await stores.run(`SELECT count(*)::int AS rows FROM ${schema}.gate`)).toEqual([{ rows: 1 }]);
  });

  it('ten times at once with settings for ingest(), whatever the isolation of transactions is by default', async () => {
    const schema = stores.newSchema();
    const url = new URL(stores.url);
    url.searchParams.set('options', '-c default_transaction_isolation=serializable');
    await stores.open({ schema });
    await Promise.all(
      Array.from({ length: 10 }, () => stores.open({ schema, url: url.href, poolSize: 2, intake: INTAKE })),
    );

    expect(await stores.run(`SELECT lanes FROM ${schema}.intake_settings`)).toEqual([
      { lanes: INTAKE.lanes },
    ]);
    expect(await stores.run(`SELECT lane FROM ${schema}.gate ORDER BY lane_no`)).toEqual(
      INTAKE.lanes.map((lane) => ({ lane })),
    );
  });

  it('again on what it finds, also as a role that may not change the schema', async () => {
    const schema = stores.newSchema();
    await stores.open({ schema });
    const url = await urlOfReader(schema, 'SELECT, INSERT, UPDATE, DELETE');

    await expect(stores.open({ schema, url })).resolves.toBeDefined();
  });

  it('saying where it is, without user and password', async () => {
    const schema = stores.newSchema();
    const { host, pathname } = new URL(stores.url);

    expect((await stores.open({ schema })).maintenance.description).toBe(
      `PostgreSQL at ${host}${pathname}, schema ${schema}`,
    );
  });

  describe('not, with one line that says why,', () => {
    async function refusal(options: Parameters<typeof stores.open>[0]): Promise<string> {
      const error: unknown = await stores
        .open({ ...options, connectTimeoutMs: 100 })
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StoreOpenError);
      const { message } = error as Error;
      expect(message).not.toContain('\n');
      expect(message).not.toContain('hidden');
      return message;
    }

    it('where the schema is of a newer release', async () => {
      const schema = stores.newSchema();
      await stores.open({ schema });
      await stores.run(`INSERT INTO ${schema}.sluice_migration (version) VALUES (99)`);

      expect(await refusal({ schema })).toMatch(/schema version 99.*run a newer release/);
    });

    it('where nobody listens', async () => {
      expect(await refusal({ url: NOBODY_LISTENS })).toMatch(/127\.0\.0\.1:1\/nowhere.*ECONNREFUSED/);
    });

    it('where the password is wrong', async () => {
      const url = new URL(stores.url);
      url.password = 'hidden-and-wrong';

      expect(await refusal({ url: url.href })).toMatch(/password authentication failed/);
    });

    it('where there is no such database', async () => {
      const url = new URL(stores.url);
      url.pathname = '/nowhere';

      expect(await refusal({ url: url.href })).toMatch(/database "nowhere" does not exist/);
    });

    it('where it may not write the settings for ingest()', async () => {
      const schema = stores.newSchema();
      await stores.open({ schema });
      const url = await urlOfReader(schema, 'SELECT');

      expect(await refusal({ schema, url, intake: INTAKE })).toMatch(/permission denied for table gate/);
    });

    it('where another program has tables of the same names', async () => {
      const schema = stores.newSchema();
      await stores.run(`CREATE SCHEMA ${schema}`);
      await stores.run(`CREATE TABLE ${schema}.batch (of_another int)`);

      expect(await refusal({ schema })).toMatch(/relation "batch" already exists/);
      expect(await stores.run(`SELECT to_regclass('${schema}.gate') AS gate`)).toEqual([{ gate: null }]);
    });
  });

  it('as soon as the server can be reached, within the time for it', async () => {
    const schema = stores.newSchema();
    const opening = stores.open({ url: NOBODY_LISTENS, schema, connectTimeoutMs: 1200 });

    const startedMs = performance.now();
    await expect(opening).rejects.toThrow(StoreOpenError);
    expect(performance.now() - startedMs).toBeGreaterThan(500);
  });
});
