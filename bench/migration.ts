/**
 * The time of an upgrade: `node bench/migration.ts [--store sqlite|postgresql] [--ids 10000000]`. It fills the store that
 * the earliest release has left (test/contract/fixtures) with ids that wait in lists of 5, with 500,000 past dispatches and
 * 100,000 dead letters. Then it starts the built service on it and prints the time until it listens, for this first start
 * and for a second one, which migrates nothing. On PostgreSQL it also prints how long readers and writers waited meanwhile at the
 * most, as requests to a replica of the earlier release and its claims would.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import { startOwnPostgres } from '../test/support/postgres.ts';
import { measureWaits } from './migration-probes.ts';

const IDS_OF_A_LIST = 5;
const DISPATCHES = 500_000;
const DEAD_LETTERS = 100_000;
/** The store numbers the chunks of a list from this multiple of its number on. */
const CHUNKS_OF_A_LIST = 1_048_576;
const FIRST = 1000;

const { values } = parseArgs({
  options: { store: { type: 'string', default: 'sqlite' }, ids: { type: 'string', default: '10000000' } },
});
const lists = Math.ceil(Number(values.ids) / IDS_OF_A_LIST);
const folder = mkdtempSync(join(tmpdir(), 'sluice-migration-'));
try {
  await (values.store === 'postgresql' ? onPostgres() : onSqlite());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function onSqlite(): Promise<void> {
  const file = join(folder, 'sluice.sqlite');
  writeFileSync(file, readFixture('schema-19.sqlite.gz'));
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN');
  const numbers = (count: number): string =>
    `WITH RECURSIVE row (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM row WHERE n < ${String(count - 1)})`;
  for (const sql of fillings(numbers, 'unixepoch() * 1000', 'randomblob(16)')) {
    database.exec(sql);
  }
  database.exec(`
    DELETE FROM waiting_sum;
    ${[7, 14, 21]
      .map(
        (bits, i) => `
          INSERT INTO waiting_sum (lane_no, rank, level, bucket, ids)
          SELECT lane_no, rank, ${String(i + 1)}, seq >> ${String(bits)}, sum(total - taken) FROM ingestion
          WHERE taken < total AND cancelled_at IS NULL GROUP BY lane_no, rank, seq >> ${String(bits)};`,
      )
      .join('')}
    COMMIT`);
  database.close();
  console.log(`the file has ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  await startTwice({ DATA_DIR: folder });
}

async function onPostgres(): Promise<void> {
  const server = await startOwnPostgres(['max_wal_size=8GB', 'maintenance_work_mem=64MB']);
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query(readFixture('schema-20.postgresql.sql.gz').toString());
    await client.query('SET search_path = sluice; SET synchronous_commit = off');
    const numbers = (count: number): string =>
      `WITH row (n) AS (SELECT generate_series(0::bigint, ${String(count - 1)}))`;
    for (const sql of fillings(numbers, 'floor(extract(epoch FROM now()) * 1000)', 'gen_random_uuid()')) {
      await client.query(sql);
    }
    await client.query(`
      INSERT INTO waiting (rank, seq, lane_no) SELECT rank, seq, lane_no FROM ingestion WHERE seq >= ${String(FIRST)};
      INSERT INTO waiting_sum (lane_no, rank, level, bucket, stripe, ids)
      SELECT lane_no, rank, level, seq >> (7 * level), 0, sum(total) FROM ingestion, generate_series(1, 3) AS level
      WHERE seq >= ${String(FIRST)} GROUP BY lane_no, rank, level, seq >> (7 * level)
      ON CONFLICT (lane_no, rank, level, bucket, stripe) DO UPDATE SET ids = waiting_sum.ids + excluded.ids;
      SELECT setval('ingestion_seq', ${String(FIRST + lists)}), setval('dispatch_dispatch_no_seq', ${String(FIRST + DISPATCHES)}),
             setval('dead_letter_dead_letter_no_seq', ${String(FIRST + DEAD_LETTERS)})`);
    await client.query('CHECKPOINT');
    await client.query('ANALYZE');
    const { rows } = await client.query<{ mb: string }>(
      'SELECT round(pg_database_size(current_database()) / 1e6) AS mb',
    );
    console.log(`the database has ${String(rows[0]?.mb)} MB`);
    const over = new AbortController();
    const waits = measureWaits(server.url, over.signal);
    await startTwice({ DATABASE_URL: server.url });
    over.abort();
    (await waits).forEach((line) => {
      console.log(line);
    });
  } finally {
    await client.end();
    await server.stop();
  }
}

/** Returns the statements that fill the tables that both stores have. */
function fillings(numbers: (count: number) => string, nowMs: string, newId: string): string[] {
  const first = String(FIRST);
  const overriding = values.store === 'postgresql' ? 'OVERRIDING SYSTEM VALUE' : '';
  return [
    `${numbers(lists)} INSERT INTO ingestion (seq, ingestion_id, rank, total, accepted_time, created_at, updated_at)
     SELECT ${first} + n, ${newId}, n % 3, ${String(IDS_OF_A_LIST)}, ${nowMs}, ${nowMs}, ${nowMs} FROM row`,
    `${numbers(lists)} INSERT INTO chunk (chunk_key, packed_ids)
     SELECT (${first} + n) * ${String(CHUNKS_OF_A_LIST)},
            (SELECT packed_ids FROM chunk WHERE chunk_key = 5 * ${String(CHUNKS_OF_A_LIST)}) FROM row`,
    `${numbers(DISPATCHES)} INSERT INTO dispatch (dispatch_no, dispatch_id, begun_at, lease_ends_time, ended_at, ending)
     ${overriding} SELECT ${first} + n, ${newId}, ${nowMs} - 5000 * n, ${nowMs}, ${nowMs}, 'settled' FROM row`,
    `${numbers(DISPATCHES)} INSERT INTO dispatch_part (dispatch_no, part_no, seq, batch_no, first, size, failures)
     SELECT ${first} + n, 0, 1, 0, 0, 3, 0 FROM row`,
    `${numbers(DEAD_LETTERS)} INSERT INTO dead_letter (dead_letter_no, seq, position, batch_no, failures, kind, message, died_at)
     ${overriding} SELECT ${first} + n, 2, n, 0, 3, 'upstream', 'simulated failure', ${nowMs} FROM row`,
  ];
}

async function startTwice(store: Readonly<Record<string, string>>): Promise<void> {
  for (const which of ['the first start, which migrates,', 'the second start']) {
    const beganMs = performance.now();
    const service = spawn(process.execPath, ['bundle/main.js'], {
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', BATCH_DELAY: '3600', ...store },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(service, 'exit');
    for await (const line of createInterface({ input: service.stdout })) {
      if (line.includes('listens on')) {
        break;
      }
    }
    console.log(`${which} listens after ${((performance.now() - beganMs) / 1000).toFixed(1)} s`);
    service.kill();
    await exited;
  }
}

function readFixture(name: string): Buffer {
  return gunzipSync(readFileSync(join('test/contract/fixtures', name)));
}
