/** A BullMQ worker whose jobs do nothing. Completed jobs are kept, as Sluice keeps its outcomes. */
import { Queue, Worker } from 'bullmq';
import { servePeer } from './serve-peer.ts';

const connection = { host: '127.0.0.1', port: Number(process.env['REDIS_PORT']) };
const concurrency = Number(process.env['CONCURRENCY']);
const queue = new Queue('drain', { connection });
let worker: Worker | null = null;

await queue.waitUntilReady();
servePeer('BullMQ', {
  async accept(ids) {
    const jobs = await queue.addBulk(
      ids.map((id) => ({ name: 'id', data: { id }, opts: { jobId: `id-${String(id)}` } })),
    );
    return jobs.at(-1)?.id ?? '';
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
