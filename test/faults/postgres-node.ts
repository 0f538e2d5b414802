import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../support/free-port.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { untilItAnswers } from './until-it-answers.ts';

/** `wal_keep_size` covers what is written while a standby is copied and started. */
const SETTINGS = [
  'listen_addresses=*',
  'unix_socket_directories=',
  'wal_keep_size=256MB',
  'max_connections=150',
];
const NOT_COPIED = ['postmaster.pid', 'postmaster.opts', 'pg_wal', 'standby.signal', 'log'];

/** One PostgreSQL server: a folder, a port, and the process while it runs. */
export class PostgresNode {
  readonly folder: string;
  readonly port: number;
  private readonly binaries: PostgresBinaries;
  /** Variables for the process, from its next start on. */
  environment: Readonly<Record<string, string>> = {};
  private child: ChildProcess | null = null;

  private constructor(folder: string, port: number, binaries: PostgresBinaries) {
    this.folder = folder;
    this.port = port;
    this.binaries = binaries;
  }

  static async at(folder: string, binaries: PostgresBinaries): Promise<PostgresNode> {
    return new PostgresNode(folder, await freePort(), binaries);
  }

  url(host = '127.0.0.1'): string {
    return `postgres://postgres@${host}:${String(this.port)}/postgres`;
  }

  /** Makes an empty server. It trusts every connection from this machine. */
  async create(): Promise<void> {
    this.makeFolder();
    const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'];
    execFileSync(join(this.binaries.folder, 'initdb'), [`--pgdata=${this.folder}`, ...options], {
      ...this.binaries.user,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const open = ['all', 'replication'].map((database) => `host ${database} all 127.0.0.0/8 trust\n`);
    appendFileSync(join(this.folder, 'pg_hba.conf'), open.join(''));
    await this.start();
  }

  /**
   * Makes this a standby of `primary`, by a copy of its files while it works (its low-level backup interface), and starts it.
   * `host` is the address under which the standby calls the primary, `name` the one in synchronous_standby_names.
   */
  async copyFrom(primary: PostgresNode, host: string, name: string): Promise<void> {
    this.makeFolder();
    const client = await primary.connect();
    try {
      await client.query(`SELECT pg_backup_start('standby', true)`);
      const files = execFileSync('ls', ['-A', primary.folder], { encoding: 'utf8' }).trim().split('\n');
      const copied = files
        .filter((file) => !NOT_COPIED.includes(file))
        .map((file) => join(primary.folder, file));
      // A file that is removed meanwhile is no fault: the WAL has it.
      await promisify(execFile)('cp', ['-a', ...copied, this.folder]).catch(ignoreVanished);
      const [label] = (
        await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
      ).rows;
      writeFileSync(join(this.folder, 'backup_label'), label?.labelfile ?? '');
    } finally {
      await client.end();
    }
    mkdirSync(join(this.folder, 'pg_wal'), { mode: 0o700 });
    this.follow(primary, host, name);
    this.own('pg_wal', 'backup_label');
    await this.start();
  }

  /** Starts it as a standby of `primary`, with the files that it has. */
  async startAsStandby(primary: PostgresNode, host: string, name: string): Promise<void> {
    this.follow(primary, host, name);
    await this.start();
  }

  async start(): Promise<void> {
    const settings = [...SETTINGS, `port=${String(this.port)}`].flatMap((setting) => ['-c', setting]);
    const child = spawn(join(this.binaries.folder, 'postgres'), ['-D', this.folder, ...settings], {
      ...this.binaries.user,
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    await untilItAnswers(`PostgreSQL in ${this.folder}`, child, () => this.answers());
  }

  private async answers(): Promise<boolean> {
    try {
      await (await this.connect()).end();
      return true;
    } catch {
      return false;
    }
  }

  /** Kills all its processes at once, as the end of its machine does: none of them can tidy up. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined) {
      return;
    }
    const exited = once(child, 'exit');
    child.kill('SIGSTOP'); // it must not start others for those that die
    for (const pid of childrenOf(child.pid)) {
      killIfThere(pid);
    }
    child.kill('SIGKILL');
    await exited;
    this.child = null;
  }

  /** Ends it as pg_ctl's fast mode does: connections are closed, and the standby gets everything. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child !== null) {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      await exited;
      this.child = null;
    }
  }

  async run(sql: string): Promise<Record<string, unknown>[]> {
    const client = await this.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  private async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.url(), connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined); // the server may be killed; the statement under way fails
    await client.connect();
    return client;
  }

  private follow(primary: PostgresNode, host: string, name: string): void {
    const connection = `host=${host} port=${String(primary.port)} user=postgres application_name=${name}`;
    appendFileSync(join(this.folder, 'postgresql.auto.conf'), `primary_conninfo = '${connection}'\n`);
    writeFileSync(join(this.folder, 'standby.signal'), '');
    this.own('standby.signal');
  }

  private makeFolder(): void {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.own('.');
  }

  private own(...names: readonly string[]): void {
    const { uid, gid } = this.binaries.user;
    if (uid !== undefined && gid !== undefined) {
      for (const name of names) {
        chownSync(join(this.folder, name), uid, gid);
      }
    }
  }
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function ignoreVanished(error: Error): void {
  if (!error.message.includes('No such file or directory')) {
    throw error;
  }
}
