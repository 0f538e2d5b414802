import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('postgres-server.ts', import.meta.url));

/**
 * Starts one PostgreSQL server for all test files of a run, each of which uses schemas of its own: a server takes a second of
 * processor time to start. Jest runs this before the first file of each project. The server ends with this process.
 */
export default async function startSharedPostgres(): Promise<void> {
  const { DATABASE_URL = '', STORES = 'postgresql', SHARED_POSTGRES_URL } = process.env;
  if (DATABASE_URL === '' && STORES.includes('postgresql') && SHARED_POSTGRES_URL === undefined) {
    // Nothing is to survive a crash of the machine.
    const server = spawn(process.execPath, [PROGRAM, '-c', 'fsync=off'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    process.env['SHARED_POSTGRES_URL'] = (JSON.parse(line) as { url: string }).url;
    // Jest ends with its last test; the server then reads the end of its input.
    for (const each of [server, server.stdin as Socket, server.stdout as Socket]) {
      each.unref();
    }
  }
}
