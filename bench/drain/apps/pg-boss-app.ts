/** A pg-boss worker whose jobs do nothing. It fetches at once while its batches are full. */
import { PgBoss } from 'pg-boss';
import { Client } from 'pg';
import { servePeer } from './serve-peer.ts';

const QUEUE = 'drain';
const connectionString = process.env['DATABASE_URL'] ?? '';
const batchSize = Number(process.env['BATCH_SIZE']);
const localConcurrency = Number(process.env['CONCURRENCY']);
const boss = new PgBoss({ connectionString, max: 10 });
const client = new Client({ connectionString });

boss.on('error', console.error);
await boss.start();
await boss.createQueue(QUEUE);
await client.connect();
servePeer('pg-boss', {
  async accept(ids) {
    const jobs = ids.map((id) => ({ id: crypto.randomUUID(), data: { id } }));
    await boss.insert(QUEUE, jobs);
    return jobs.at(-1)?.id ?? '';
  },
  async work() {
    const settings = { batchSize, localConcurrency, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
    await boss.work(QUEUE, settings, async () => undefined);
  },
  rest: () => boss.offWork(QUEUE),
  async stateOf(jobId) {
    const [job] = await boss.findJobs(QUEUE, { id: jobId });
    return job?.state ?? 'missing';
  },
  async countPending() {
    const { rows } = await client.query<{ jobs: string }>(
      `SELECT count(*) AS jobs FROM pgboss.job WHERE name = $1 AND state <> 'completed'`,
      [QUEUE],
    );
    return Number(rows[0]?.jobs);
  },
});
