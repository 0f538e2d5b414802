/** A graphile-worker whose tasks do nothing. It deletes completed jobs. */
import { Logger, makeWorkerUtils, run, type Runner } from 'graphile-worker';
import { Pool } from 'pg';
import { servePeer } from './serve-peer.ts';

const connectionString = process.env['DATABASE_URL'] ?? '';
const concurrentJobs = Number(process.env['CONCURRENCY']);
/** 0 for the default, in which each job is fetched and completed singly. */
const localQueueSize = Number(process.env['LOCAL_QUEUE']);
const COMPLETE_BATCH_DELAY_MS = 250;
const SPARE_CONNECTIONS = 2;

const logger = new Logger(() => () => undefined);
const pool = new Pool({ connectionString, max: concurrentJobs + SPARE_CONNECTIONS });
const utils = await makeWorkerUtils({ pgPool: pool, logger });
let runner: Runner | null = null;

await utils.migrate();
servePeer('graphile-worker', {
  async accept(ids) {
    const jobs = await utils.addJobs(ids.map((id) => ({ identifier: 'id', payload: { id } })));
    return jobs.at(-1)?.id ?? '';
  },
  async work() {
    runner = await run({
      pgPool: pool,
      logger,
      noHandleSignals: true,
      taskList: { id: () => undefined },
      preset: {
        worker: {
          concurrentJobs,
          ...(localQueueSize > 0 && {
            localQueue: { size: localQueueSize },
            completeJobBatchDelay: COMPLETE_BATCH_DELAY_MS,
          }),
        },
      },
    });
  },
  async rest() {
    await runner?.stop();
    runner = null;
  },
  async stateOf(jobId) {
    const { rows } = await pool.query('SELECT 1 FROM graphile_worker.jobs WHERE id = $1', [jobId]);
    return rows.length === 0 ? 'completed' : 'pending';
  },
  async countPending() {
    const { rows } = await pool.query<{ jobs: string }>('SELECT count(*) AS jobs FROM graphile_worker.jobs');
    return Number(rows[0]?.jobs);
  },
});
