import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server for one user alone. */
export interface OwnServer extends TestServer {
  /** The folder of its files. */
  readonly folder: string;
  /** Stops the server immediately; committed data is present after the next start. */
  crash(): Promise<void>;
  start(): Promise<void>;
}

/**
 * Returns the server of `DATABASE_URL`, or the one that all files of a run share (`shared-postgres.ts`), or starts one that
 * ends with this process at the latest.
 */
export async function startPostgres(): Promise<TestServer> {
  const given = process.env['DATABASE_URL'] ?? process.env['SHARED_POSTGRES_URL'] ?? '';
  return given === '' ? startOwnPostgres() : { url: given, stop: async () => undefined };
}

/** Starts a server with `settings` as in postgresql.conf (`fsync=off`); the command runs Node.js. */
export async function startOwnPostgres(
  settings: readonly string[] = [],
  [program, ...given]: readonly [string, ...string[]] = [process.execPath],
): Promise<OwnServer> {
  const script = fileURLToPath(new URL('./postgres-server.ts', import.meta.url));
  const flags = settings.flatMap((setting) => ['-c', setting]);
  const child = spawn(program, [...given, script, ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const nextLine = async (): Promise<string> => {
    const [line] = (await Promise.race([once(lines, 'line'), exited])) as unknown[];
    if (typeof line !== 'string') {
      throw new Error('the PostgreSQL server of the tests has ended');
    }
    return line;
  };
  const command = async (name: string): Promise<void> => {
    child.stdin.write(`${name}\n`);
    await nextLine();
  };
  const { url, folder } = JSON.parse(await nextLine()) as { url: string; folder: string };
  return {
    url,
    folder,
    crash: () => command('crash'),
    start: () => command('start'),
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
