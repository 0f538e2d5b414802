/** `node bench/claim-plan.ts [ingestions]` prints PostgreSQL's plan for a claim with that many pending. */
import { Client } from 'pg';
import { startOwnPostgres } from '../test/support/postgres.ts';
import { addIngestions, openPostgresStore } from './backlog.ts';
import { loadWaitingIds } from './in-process.ts';

const SCHEMA = 'claim_plan';
const BATCH_SIZE = 3;
const waiting = Number(process.argv[2] ?? '1000000');

const { selectHeads } = await loadWaitingIds();
const server = await startOwnPostgres();
try {
  const store = await openPostgresStore(server.url, SCHEMA);
  await addIngestions(store, waiting, 5);
  await store.close();
  const client = new Client({ connectionString: server.url });
  await client.connect();
  // As transaction.ts sets it for every statement.
  await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) ${selectHeads(SCHEMA, BATCH_SIZE).text}`,
    ['{1}'],
  );
  await client.end();
  console.log(`${String(waiting)} ingestions wait:\n${rows.map((row) => row['QUERY PLAN']).join('\n')}`);
} finally {
  await server.stop();
}
