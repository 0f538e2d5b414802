import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';

/** Resolves with the one number that `sql` returns on PostgreSQL. */
export async function countRows(url: string, sql: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<[string]>({ text: sql, rowMode: 'array' });
    return Number(rows[0]?.[0]);
  } finally {
    await client.end();
  }
}

/** Returns the one number that `sql` returns on the embedded store in this folder. */
export function countSqliteRows(dataDir: string, sql: string): number {
  const database = new DatabaseSync(join(dataDir, 'sluice.sqlite'));
  try {
    return Number(Object.values(database.prepare(sql).get() ?? {})[0]);
  } finally {
    database.close();
  }
}
