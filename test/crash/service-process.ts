import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { keepChild } from './children.ts';
import { nowMs } from './clock.ts';
import { LIMITS } from './settings.ts';

/** The program of the built service. */
export const MAIN =
  process.env['SLUICE_MAIN'] ?? fileURLToPath(new URL('../../bundle/main.js', import.meta.url));

/** The folder for the output of each process. */
const LOGS = process.env['SLUICE_LOGS'];

const LISTENS = /listens on (http:\/\/[^\s/]+)/;
const DISPATCH_ENDED = /dispatch (\S+) ended: \d+ completed, (\d+) to retry, (\d+) failed/;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly atMs: number;
}

export interface ServiceProcessOptions {
  /** The number of this process in the run; the recorder's URLs contain it. */
  readonly number: number;
  /** The name of the file for its output. */
  readonly logName: string;
  readonly delayMs: number;
  /** The program; by default the built service. */
  readonly main?: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A process of the built service, from its start to its end. */
export class ServiceProcess {
  readonly number: number;
  readonly delayMs: number;
  readonly pid: number;
  /** The dispatches whose outcome this process has logged after the commit. */
  readonly recorded = new Set<string>();
  /** The recorded dispatches of which all ids are completed. */
  readonly completed = new Set<string>();
  /** Resolves once it has ended and all its output has been read. */
  readonly exited: Promise<Exit>;
  /** The exit of the process; null while it runs. */
  exit: Exit | null = null;
  /** True once {@link stop} was called. */
  isStopped = false;
  errors = '';
  private readonly child: ChildProcess;
  private readonly listening: Promise<string | null>;

  private constructor(options: ServiceProcessOptions, child: ChildProcess, pid: number) {
    this.number = options.number;
    this.delayMs = options.delayMs;
    this.child = child;
    this.pid = pid;
    const url = Promise.withResolvers<string | null>();
    this.listening = url.promise;
    this.exited = this.follow(options.logName, url.resolve);
  }

  static start(options: ServiceProcessOptions): ServiceProcess {
    const child = spawn(process.execPath, [options.main ?? MAIN], {
      env: { PATH: process.env['PATH'] ?? '', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    keepChild(child);
    if (child.pid === undefined) {
      throw new Error(`${process.execPath} cannot be started`);
    }
    return new ServiceProcess(options, child, child.pid);
  }

  /** Resolves with its URL, or with null if it ended before it listened. */
  async ready(): Promise<string | null> {
    const timer = setTimeout(() => {
      this.signal('SIGKILL');
      this.errors += `[the harness: not ready within ${String(LIMITS.readyMs)} ms]`;
    }, LIMITS.readyMs);
    const url = await this.listening;
    clearTimeout(timer);
    return url;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops it in order, as an operator does: calls in flight get their outcome. */
  async stop(): Promise<Exit> {
    this.isStopped = true;
    this.signal('SIGTERM');
    return this.end();
  }

  /** Waits for the end of a process already signalled; kills it if it does not end in time. */
  async end(): Promise<Exit> {
    const timer = setTimeout(() => {
      this.signal('SIGKILL');
      this.errors += `[the harness: did not stop within ${String(LIMITS.stopMs)} ms]`;
    }, LIMITS.stopMs);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  private follow(logName: string, heard: (url: string | null) => void): Promise<Exit> {
    const { stdout, stderr } = this.child;
    if (stdout === null || stderr === null) {
      throw new Error('the service is started without pipes');
    }
    if (LOGS !== undefined && LOGS !== '') {
      const file = createWriteStream(join(LOGS, logName));
      stdout.pipe(file, { end: false });
      stderr.pipe(file, { end: false });
    }
    createInterface({ input: stdout }).on('line', (line) => {
      const [, dispatchId, retried, failed] = DISPATCH_ENDED.exec(line) ?? [];
      if (dispatchId !== undefined) {
        this.recorded.add(dispatchId);
        if (retried === '0' && failed === '0') {
          this.completed.add(dispatchId);
        }
      }
      const [, url] = LISTENS.exec(line) ?? [];
      if (url !== undefined) {
        heard(url);
      }
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    return new Promise((resolve) => {
      let atMs = 0;
      this.child.once('exit', () => {
        atMs = nowMs();
      });
      this.child.once('close', (code, signal) => {
        heard(null);
        this.exit = { code, signal, atMs };
        resolve(this.exit);
      });
    });
  }
}
