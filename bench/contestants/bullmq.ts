import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { freePort } from '../../test/support/free-port.ts';
import { NotInstalledError, startOver, type Contestant, type RunningContestant } from './contestant.ts';
import { runSource } from './run-source.ts';
import { pinned } from '../settings.ts';

const START_TIMEOUT_MS = 5000;
const LOOK_AGAIN_MS = 50;

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

interface Redis {
  readonly port: number;
  stop(): Promise<void>;
}

/** @throws NotInstalledError */
async function startRedis(folder: string, appendFsync: string): Promise<Redis> {
  if (spawnSync('redis-server', ['--version']).error !== undefined) {
    throw new NotInstalledError('redis-server is not installed');
  }
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const settings = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
  const durability = [
    '--appendonly',
    'yes',
    '--appendfsync',
    appendFsync,
    '--maxmemory-policy',
    'noeviction',
  ];
  const [program, ...flags] = pinned('contestant', 'redis-server', ...settings, ...durability);
  const server = spawn(program, flags, { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await once(server, 'close');
  };
  const endMs = performance.now() + START_TIMEOUT_MS;
  while (!isUp(port)) {
    if (performance.now() > endMs) {
      await stop();
      throw new Error('redis-server does not start');
    }
    await sleep(LOOK_AGAIN_MS);
  }
  return { port, stop };
}

function isUp(port: number): boolean {
  return spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' }).stdout.startsWith('PONG');
}

async function countJobs(port: number): Promise<number> {
  const queue = new Queue('ids', { connection: { host: '127.0.0.1', port } });
  try {
    return await queue.count();
  } finally {
    await queue.close();
  }
}
