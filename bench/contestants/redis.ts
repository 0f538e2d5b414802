import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/support/free-port.ts';
import { pinned } from '../settings.ts';
import { NotInstalledError } from './contestant.ts';

const START_TIMEOUT_MS = 5000;
const LOOK_AGAIN_MS = 50;

export interface Redis {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts a Redis server on the contestants' core, with its files in `folder`.
 * @throws NotInstalledError
 */
export async function startRedis(folder: string, appendFsync: string): Promise<Redis> {
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
  return { port, pid: server.pid ?? -1, stop };
}

function isUp(port: number): boolean {
  return spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' }).stdout.startsWith('PONG');
}
