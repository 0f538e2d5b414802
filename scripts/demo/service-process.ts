import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const LISTENS = /listens on (http:\/\/\S+)/;
const START_TIMEOUT_MS = 30_000;
const OUTPUT_KEPT = 4_000;

export interface ServiceCommand {
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** The whole environment apart from PATH; nothing else is inherited from the caller. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A service in a separate process that prints its URL to its standard output. */
export class ServiceProcess {
  readonly name: string;
  url = '';
  private readonly child: ChildProcess;
  private readonly exited: Promise<unknown>;
  private output = '';

  private constructor({ name, command, environment }: ServiceCommand) {
    const [program, ...args] = command;
    this.name = name;
    this.child = spawn(program, args, {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = once(this.child, 'close').catch(() => undefined);
  }

  /**
   * Resolves when the service listens. `onSpawn` gets the process before that, to stop it early.
   * @throws Error with what the service printed, if it ends or reports no URL in time.
   */
  static async start(
    command: ServiceCommand,
    onSpawn: (service: ServiceProcess) => void = () => undefined,
  ): Promise<ServiceProcess> {
    const service = new ServiceProcess(command);
    onSpawn(service);
    try {
      service.url = await service.untilItListens();
      return service;
    } catch (error) {
      await service.kill();
      throw error;
    }
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** The end of its output so far, standard output and standard error together. */
  get printed(): string {
    return this.output;
  }

  /** Kills the process, as a crash does; resolves when it has ended. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Stops the process gracefully; resolves with its exit code when it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    await this.exited;
    return this.child.exitCode;
  }

  private async untilItListens(): Promise<string> {
    const listens = Promise.withResolvers<string>();
    const read = (chunk: Buffer): void => {
      const output = this.output + chunk.toString();
      const url = LISTENS.exec(output)?.[1]; // before it is cut off: a busy service prints more than is kept at once
      this.output = output.slice(-OUTPUT_KEPT);
      if (url !== undefined) {
        listens.resolve(url);
      }
    };
    this.child.stdout?.on('data', read);
    this.child.stderr?.on('data', read);
    this.child.on('error', listens.reject);
    const timeout = new AbortController();
    const ended = this.exited.then(() => {
      throw new Error(`${this.name} ended at its start:\n${this.output}`);
    });
    const late = sleep(START_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => {
      throw new Error(`${this.name} did not start in time:\n${this.output}`);
    });
    try {
      return await Promise.race([listens.promise, ended, late]);
    } finally {
      ended.catch(() => undefined);
      late.catch(() => undefined);
      timeout.abort();
    }
  }
}
