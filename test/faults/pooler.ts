import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../support/free-port.ts';
import type { PostgresNode } from './postgres-node.ts';
import { untilItAnswers } from './until-it-answers.ts';

export type PoolMode = 'transaction' | 'session';

/** Tells whether PgBouncer is installed. */
export function hasPooler(): boolean {
  return spawnSync('pgbouncer', ['--version']).status === 0;
}

/** A PgBouncer in front of one server. */
export class Pooler {
  private readonly folder: string;
  private readonly port: number;
  private child: ChildProcess | null = null;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  static async before(server: PostgresNode, mode: PoolMode): Promise<Pooler> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-pooler-'));
    chmodSync(folder, 0o755);
    const pooler = new Pooler(folder, await freePort());
    const settings = {
      listen_addr: '127.0.0.1',
      listen_port: pooler.port,
      unix_socket_dir: '',
      auth_type: 'trust',
      auth_file: join(folder, 'users'),
      admin_users: 'postgres',
      pool_mode: mode,
      max_client_conn: 500,
      // A client of a session pool keeps its connection: three replicas need 33 of them.
      default_pool_size: mode === 'session' ? 80 : 15,
      ignore_startup_parameters: 'extra_float_digits,options',
      server_login_retry: 1,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${String(value)}`);
    const database = `postgres = host=127.0.0.1 port=${String(server.port)} user=postgres dbname=postgres`;
    writeFileSync(settings.auth_file, '"postgres" ""\n');
    writeFileSync(pooler.file, ['[databases]', database, '[pgbouncer]', ...lines, ''].join('\n'));
    await pooler.start();
    return pooler;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${String(this.port)}/postgres`;
  }

  /** Ends it at once, with all its connections, and starts it again after `downMs`. */
  async restart(downMs: number): Promise<void> {
    await this.kill();
    await sleep(downMs);
    await this.start();
  }

  /** Lets the transactions under way end, and holds all others for a time. Only a transaction pool can do that. */
  async pause(durationMs: number): Promise<void> {
    const client = new Client({ connectionString: this.url.replace(/postgres$/, 'pgbouncer') });
    await client.connect();
    try {
      await client.query('PAUSE');
      await sleep(durationMs);
      await client.query('RESUME');
    } finally {
      await client.end();
    }
  }

  /** Stops the process for a time: its connections stay open, and nothing passes. */
  async suspend(durationMs: number): Promise<void> {
    this.child?.kill('SIGSTOP');
    await sleep(durationMs);
    this.child?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get file(): string {
    return join(this.folder, 'pgbouncer.ini');
  }

  private async start(): Promise<void> {
    const asUser = process.getuid?.() === 0 ? ['--user=postgres'] : [];
    const child = spawn('pgbouncer', [...asUser, this.file], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child = child;
    await untilItAnswers('pgbouncer', child, () => this.answers());
  }

  private async answers(): Promise<boolean> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async kill(): Promise<void> {
    const { child } = this;
    if (child !== null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      this.child = null;
    }
  }
}
