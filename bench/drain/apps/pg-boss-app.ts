/** A pg-boss worker whose jobs do nothing. It fetches at once while its batches are full. */
import { PgBoss } from 'pg-boss';
import { Client } from 'pg';
import { JOBS_A_CALL, servePeer } from './serve-peer.ts';

const QUEUE = 'drain';
const connectionString = process.env['DATABASE_URL'] ?? '';
const batchSize = Number(process.env['BATCH_SIZE']);
const localConcurrency = Number(process.env['CONCURRENCY']);
const boss = new PgBoss({ connectionString, max: 10 });
const client = new Client({ connectionString });
let nextJob = 1;

boss.on('error', console.error);
await boss.start();
await boss.createQueue(QUEUE);
await client.connect();
servePeer('pg-boss', {
  async accept(jobs) {
    const end = nextJob + jobs;
    let last = '';
    while (nextJob < end) {
      const first = nextJob;
      const size = Math.min(JOBS_A_CALL, end - nextJob);
      const made = Array.from({ length: size }, (_, i) => ({
        id: crypto.randomUUID(),
        data: { id: first + i },
      }));
      await boss.insert(QUEUE, made);
      last = made.at(-1)?.id ?? '';
      nextJob += size;
    }
    return last;
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
