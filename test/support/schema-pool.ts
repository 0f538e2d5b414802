import type { Client } from 'pg';
import { migrate } from '../../src/storage/postgres/database/migrate.js';

/** A schema that nothing was written to; all files of a run share it. */
const PRISTINE = 'pristine';

/** The statements that empty a schema, and the objects that it then has. */
interface Emptying {
  readonly objects: string;
  readonly sqlFor: (schema: string) => string;
}

/**
 * Schemas of a server that tests use one after the other. To empty one takes 10 ms, to make and drop one 200 ms; with a new one
 * for each test that was half the time of the contract suite.
 */
export class SchemaPool {
  private readonly free: string[] = [];
  private emptying: Promise<Emptying> | undefined;

  /** Returns the name of an empty schema that is up to date; undefined if there is none. */
  take(): string | undefined {
    return this.free.pop();
  }

  /** Empties a schema, so that the next test may use it. One that a test has changed is dropped. */
  async give(client: Client, schema: string): Promise<void> {
    const { objects, sqlFor } = await (this.emptying ??= readEmptying(client));
    if ((await readObjects(client, schema)) === objects) {
      await client.query(sqlFor(schema));
      this.free.push(schema);
    } else {
      await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    }
  }
}

async function readEmptying(client: Client): Promise<Emptying> {
  await migrate(client, PRISTINE);
  const { rows } = await client.query<{ name: string; kind: string }>(
    `SELECT relname AS name, relkind AS kind FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'S') AND relname <> 'sluice_migration'`,
    [PRISTINE],
  );
  const tables = rows.filter(({ kind }) => kind === 'r').map(({ name }) => name);
  const sequences = rows.filter(({ kind }) => kind === 'S').map(({ name }) => name);
  const clock = await client.query<{ sql: string }>(
    `SELECT pg_get_functiondef('${PRISTINE}.store_now()'::regprocedure) AS sql`,
  );
  return {
    objects: await readObjects(client, PRISTINE),
    sqlFor: (schema) =>
      [
        'BEGIN',
        'SET LOCAL session_replication_role = replica', // no triggers
        ...tables.map((name) => `DELETE FROM "${schema}".${name}`),
        ...tables.map(
          (name) =>
            `INSERT INTO "${schema}".${name} OVERRIDING SYSTEM VALUE SELECT * FROM ${PRISTINE}.${name}`,
        ),
        ...sequences.map(
          (name) => `SELECT setval('"${schema}".${name}', last_value, is_called) FROM ${PRISTINE}.${name}`,
        ),
        String(clock.rows[0]?.sql).replace(`${PRISTINE}.`, `"${schema}".`),
        'COMMIT',
      ].join(';\n'),
  };
}

/** Returns the version of a schema with its tables, indexes, columns and functions as a text; tests replace `store_now`. */
async function readObjects(client: Client, schema: string): Promise<string> {
  const { rows } = await client.query<{ objects: string | null }>(
    `SELECT (SELECT string_agg(concat(relname, relkind, relpersistence, relnatts), ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = n.oid)
         || (SELECT string_agg(concat(proname, md5(CASE WHEN proname <> 'store_now' THEN prosrc END)), ' ' ORDER BY oid) FROM pg_proc WHERE pronamespace = n.oid)
         AS objects
     FROM pg_namespace AS n WHERE nspname = $1`,
    [schema],
  );
  return rows[0]?.objects ?? 'none';
}
