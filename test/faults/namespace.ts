import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { keepChild } from '../crash/children.ts';

const INSIDE = 'SLUICE_FAULTS_NAMESPACE';

/** Tells whether this process has a network of its own, in which it may drop packets. */
export function hasOwnNetwork(): boolean {
  return process.env[INSIDE] === '1';
}

/** Tells whether the machine lets this user make a network namespace (Linux, root, util-linux and iproute2). */
export function mayMakeNetwork(): boolean {
  return spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
}

/** Runs this program again in a new network namespace, which has only the loopback device. Resolves with its exit code. */
export async function runInOwnNetwork(): Promise<number> {
  const command = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh', process.execPath];
  const child = spawn('unshare', ['--net', ...command, ...process.execArgv, ...process.argv.slice(1)], {
    env: { ...process.env, [INSIDE]: '1' },
    stdio: 'inherit',
  });
  keepChild(child);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
