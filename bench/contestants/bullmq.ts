import { join } from 'node:path';
import { Queue } from 'bullmq';
import { startOver, type Contestant, type RunningContestant } from './contestant.ts';
import { startRedis } from './redis.ts';
import { runSource } from './run-source.ts';

/** NestJS with BullMQ. With `everysec` Redis may lose the last second; `always` syncs as Sluice does. */
export function bullmq(appendFsync: 'everysec' | 'always'): Contestant {
  const name = `BullMQ, Redis ${appendFsync}`;
  return {
    name,
    async start(folder): Promise<RunningContestant> {
      const redis = await startRedis(join(folder, `redis-${appendFsync}`), appendFsync);
      const { service, stop } = await startOver(redis, () =>
        runSource(name, 'bullmq-app.ts', { REDIS_PORT: String(redis.port) }),
      );
      return {
        url: service.url,
        pid: service.pid,
        async countKept(): Promise<number> {
          await service.kill();
          return countJobs(redis.port);
        },
        stop,
      };
    },
  };
}

async function countJobs(port: number): Promise<number> {
  const queue = new Queue('ids', { connection: { host: '127.0.0.1', port } });
  try {
    return await queue.count();
  } finally {
    await queue.close();
  }
}
