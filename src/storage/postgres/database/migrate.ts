import { Logger } from '@nestjs/common';
import type { Client } from 'pg';
import { assertNotNewer, MigrationFiles } from '../../shared/migration-files.js';
import { isLockConflict } from './postgres-errors.js';
import { quoteIdentifier } from './postgres.options.js';

export const MIGRATIONS = new MigrationFiles(new URL('../migrations/', import.meta.url));

/**
 * Steps that migrations would take long for, such as indexes of large tables. Each runs before the migrations, in a transaction
 * of its own, so it locks one table only. An earlier release works on a store with or without them, and a step that has run
 * before changes nothing. The number at the begin of the name is that of the migration.
 */
export const STEPS_AHEAD = new MigrationFiles(new URL('../migrations/ahead/', import.meta.url));

/** The schema of the earliest release. Older ones lack the tables of the steps. */
const EARLIEST_RELEASED = 20;

/** The first half of the advisory lock's key, 'SLUI'; the second is the schema's. */
const LOCK_CLASS = 0x534c5549;

/**
 * Maximum time that a migration waits for the lock of a table. Then it releases its locks and tries again, because requests
 * wait behind it. It is shorter than PostgreSQL's `deadlock_timeout`, so that PostgreSQL ends no request for a migration.
 */
const LOCK_TIMEOUT_MS = 500;
const ATTEMPTS_PER_WARNING = 20;

/**
 * Runs the pending migrations in number order, all in one transaction, after the steps of {@link STEPS_AHEAD}. If several
 * processes start at the same time, one runs them and the others wait for it. An up-to-date schema is only read. With an older
 * `latest` it creates a schema of that version.
 * @throws StoreOpenError where the schema is newer than this program
 */
export async function migrate(
  client: Client,
  schema: string,
  latest = MIGRATIONS.latestVersion,
): Promise<void> {
  const found = await readVersion(client, schema, latest);
  if (found === latest) {
    return;
  }
  const stepsAhead = found < EARLIEST_RELEASED ? [] : STEPS_AHEAD.between(found, latest);
  for (const { version, sql } of stepsAhead) {
    await runAlone(client, schema, async () => {
      if ((await readVersion(client, schema, latest)) < version) {
        await client.query(sql);
      }
    });
  }
  await runAlone(client, schema, async () => {
    const current = await readVersion(client, schema, latest);
    if (current < latest) {
      await lockTables(client, schema);
    }
    await client.query(`
      CREATE TABLE IF NOT EXISTS sluice_migration (
        version    int         PRIMARY KEY,
        applied_at timestamptz NOT NULL DEFAULT now()
      )
    `);
    for (const { version, sql } of MIGRATIONS.between(current, latest)) {
      await client.query(sql);
      await client.query('INSERT INTO sluice_migration (version) VALUES ($1)', [version]);
    }
  });
}

/** Runs `change` in one transaction, in the schema, while no other process migrates it; again for as long as tables are in use. */
async function runAlone(client: Client, schema: string, change: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await runOnce(client, schema, change);
      return;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined); // the first error is the relevant one
      if (!isLockConflict(error)) {
        throw error;
      }
    }
    if (attempt % ATTEMPTS_PER_WARNING === 0) {
      new Logger('PostgreSQL').warn('the migrations wait for a transaction that uses the tables for long');
    }
    await client.query('SELECT pg_sleep(random())');
  }
}

async function runOnce(client: Client, schema: string, change: () => Promise<void>): Promise<void> {
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_CLASS, schema]);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`);
  await client.query(`SET LOCAL search_path = ${quoteIdentifier(schema)}`);
  await client.query('SET LOCAL statement_timeout = 0');
  await client.query(`SET LOCAL lock_timeout = ${String(LOCK_TIMEOUT_MS)}`);
  await change();
  await client.query('COMMIT');
}

/**
 * Locks all tables before the migrations change any: one that waited for a table while it holds others would be in a deadlock
 * with each request that uses them in another order. Claims, the most frequent, begin with the gate.
 */
async function lockTables(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ tables: string | null }>(
    `SELECT string_agg(c.oid::regclass::text, ', ' ORDER BY relname <> 'gate', relname) AS tables
     FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace
     WHERE nspname = $1 AND relkind = 'r' AND pg_catalog.pg_has_role(relowner, 'USAGE')`,
    [schema],
  );
  const tables = rows[0]?.tables ?? null;
  if (tables !== null) {
    await client.query(`LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`);
  }
}

async function readVersion(client: Client, schema: string, latest: number): Promise<number> {
  // to_regclass() would use what this connection had cached before it waited for the lock.
  const { rows: found } = await client.query<{ exists: boolean }>(
    `SELECT EXISTS (
      SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = 'sluice_migration'
    ) AS exists`,
    [schema],
  );
  if (found[0]?.exists !== true) {
    return 0;
  }
  const { rows } = await client.query<{ version: number }>(
    `SELECT coalesce(max(version), 0) AS version FROM ${quoteIdentifier(schema)}.sluice_migration`,
  );
  const version = rows[0]?.version ?? 0;
  assertNotNewer(version, latest);
  return version;
}
