import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { ServiceProcess } from '../../scripts/demo/service-process.ts';
import { startOver } from '../contestants/contestant.ts';
import { countRows } from '../contestants/count-rows.ts';
import { startRedis } from '../contestants/redis.ts';
import { pinned } from '../settings.ts';
import type { DrainContestant, DrainRun, OpenContestant } from './contestant.ts';
import { startDrainPostgres } from './drain-postgres.ts';

/** A BullMQ worker, with a Redis of its own for each run. */
export function bullmqWorker(appendFsync: 'everysec' | 'always', concurrency: number): DrainContestant {
  const name = `BullMQ, ${appendFsync}, concurrency ${String(concurrency)}`;
  return {
    name,
    async open(folder): Promise<OpenContestant> {
      let runs = 0;
      const startServer = (): ReturnType<typeof startRedis> => {
        runs += 1;
        return startRedis(join(folder, `redis-${String(runs)}`), appendFsync);
      };
      await (await startServer()).stop(); // refused here if Redis is missing
      return {
        async start(): Promise<DrainRun> {
          const redis = await startServer();
          return startPeer({
            name,
            file: 'bullmq-app.ts',
            environment: { REDIS_PORT: String(redis.port), CONCURRENCY: String(concurrency) },
            serverPid: redis.pid,
            countSettled: () => countCompleted(redis.port),
            stopServer: () => redis.stop(),
          });
        },
        close: async () => undefined,
      };
    },
  };
}

/** pg-boss with `work` in batches, several loops at a time. */
export function pgBossWorker(batchSize: number, concurrency: number): DrainContestant {
  return onPostgres({
    name: `pg-boss, batches of ${String(batchSize)}, ${String(concurrency)} at a time`,
    file: 'pg-boss-app.ts',
    environment: { BATCH_SIZE: String(batchSize), CONCURRENCY: String(concurrency) },
    countSettled: (url) => countRows(url, `SELECT count(*) FROM pgboss.job WHERE state = 'completed'`),
  });
}

/** graphile-worker; with a local queue it also completes jobs in batches. */
export function graphileWorker({ localQueue }: { readonly localQueue: number }): DrainContestant {
  return onPostgres({
    name: `graphile-worker, ${localQueue > 0 ? `local queue ${String(localQueue)}` : 'default'}`,
    file: 'graphile-worker-app.ts',
    environment: { CONCURRENCY: '10', LOCAL_QUEUE: String(localQueue) },
    countSettled: countNoneLeft,
  });
}

interface PostgresPeer {
  readonly name: string;
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly countSettled: (url: string, accepted: number) => Promise<number>;
}

function onPostgres({ name, file, environment, countSettled }: PostgresPeer): DrainContestant {
  return {
    name,
    async open(): Promise<OpenContestant> {
      const server = await startDrainPostgres();
      return {
        async start(): Promise<DrainRun> {
          const url = await server.nextDatabase();
          return startPeer({
            name,
            file,
            environment: { ...environment, DATABASE_URL: url },
            serverPid: server.pid,
            countSettled: (accepted) => countSettled(url, accepted),
            stopServer: async () => undefined,
          });
        },
        close: () => server.stop(),
      };
    },
  };
}

interface PeerProcess {
  readonly name: string;
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly serverPid: number;
  readonly countSettled: (accepted: number) => Promise<number>;
  readonly stopServer: () => Promise<void>;
}

async function startPeer({
  name,
  file,
  environment,
  serverPid,
  countSettled,
  stopServer,
}: PeerProcess): Promise<DrainRun> {
  const main = fileURLToPath(new URL(`./apps/${file}`, import.meta.url));
  const command = pinned('contestant', process.execPath, main);
  const { service, stop } = await startOver({ stop: stopServer }, () =>
    ServiceProcess.start({ name, command, environment: { NODE_ENV: 'production', ...environment } }),
  );
  const call = async (method: 'GET' | 'POST', path: string): Promise<Record<string, unknown>> => {
    const response = await fetch(`${service.url}${path}`, { method });
    if (!response.ok) {
      throw new Error(`${name}: ${await response.text()}`);
    }
    return (await response.json()) as Record<string, unknown>;
  };
  let accepted = 0;
  return {
    pids: [service.pid, serverPid],
    async accept(ids): Promise<string> {
      const { last } = await call('POST', `/accept?jobs=${String(ids)}`);
      accepted += ids;
      return `${service.url}/status?job=${String(last)}`;
    },
    async work(): Promise<void> {
      await call('POST', '/work');
    },
    async rest(): Promise<void> {
      await call('POST', '/rest');
    },
    countPending: async () => Number((await call('GET', '/pending'))['pending']),
    async countSettled(): Promise<number> {
      await service.kill();
      return countSettled(accepted);
    },
    stop,
  };
}

async function countCompleted(port: number): Promise<number> {
  const queue = new Queue('drain', { connection: { host: '127.0.0.1', port } });
  try {
    return await queue.getCompletedCount();
  } finally {
    await queue.close();
  }
}

/** graphile-worker keeps nothing of a completed job: all that is not left counts as settled. */
async function countNoneLeft(url: string, accepted: number): Promise<number> {
  return accepted - (await countRows(url, 'SELECT count(*) FROM graphile_worker.jobs'));
}
