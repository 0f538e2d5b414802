import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/support/free-port.ts';
import { pinned, SLUICE_MAIN } from '../settings.ts';

const START_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 50;

export interface SilentService {
  readonly url: string;
  readonly pid: number;
  readonly kill: () => Promise<void>;
}

/**
 * Starts Sluice, by default on the contestants' core, at any log level: it is ready when its port answers, not when it prints
 * so. The log goes into a file.
 * @throws Error with the log, if it ends or does not answer in time.
 */
export async function startSilently(
  logFile: string,
  environment: Readonly<Record<string, string>>,
  node: readonly [string, ...string[]] = pinned('contestant', process.execPath),
): Promise<SilentService> {
  const port = await freePort();
  const log = openSync(logFile, 'w');
  const [program, ...args] = node;
  const child = spawn(program, [...args, SLUICE_MAIN], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      ...environment,
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${String(port)}`;
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  const endMs = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() > endMs) {
      await kill();
      throw new Error(`Sluice does not start:\n${readFileSync(logFile, 'utf8')}`);
    }
    await sleep(POLL_INTERVAL_MS);
  }
  return { url, pid: child.pid ?? -1, kill };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
