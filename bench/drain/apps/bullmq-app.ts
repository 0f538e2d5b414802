/** A BullMQ worker whose jobs do nothing. Completed jobs are kept, as Sluice keeps its outcomes. */
import { Queue, Worker } from 'bullmq';
import { JOBS_A_CALL, servePeer } from './serve-peer.ts';

const connection = { host: '127.0.0.1', port: Number(process.env['REDIS_PORT']) };
const concurrency = Number(process.env['CONCURRENCY']);
const queue = new Queue('drain', { connection });
let nextJob = 1;
let worker: Worker | null = null;

await queue.waitUntilReady();
servePeer('BullMQ', {
  async accept(jobs) {
    const end = nextJob + jobs;
    while (nextJob < end) {
      const size = Math.min(JOBS_A_CALL, end - nextJob);
      const first = nextJob;
      await queue.addBulk(
        Array.from({ length: size }, (_, i) => ({
          name: 'id',
          data: { id: first + i },
          opts: { jobId: `id-${String(first + i)}` },
        })),
      );
      nextJob += size;
    }
    return `id-${String(nextJob - 1)}`;
  },
  async work() {
    worker = new Worker('drain', async () => undefined, { connection, concurrency });
    await worker.waitUntilReady();
  },
  async rest() {
    await worker?.close();
    worker = null;
  },
  stateOf: (jobId) => queue.getJobState(jobId),
  async countPending() {
    return (await queue.getJobCountByTypes('waiting', 'active', 'delayed', 'failed')) || 0;
  },
});
