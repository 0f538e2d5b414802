import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { pinned } from '../settings.ts';

const PROCESS = fileURLToPath(new URL('./reader-process.ts', import.meta.url));

/** A request whose duration is measured. A POST submits a new list of five ids. */
export interface TimedRequest {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** True to end the reading when an answer says `"status":"completed"`. */
  readonly endsWhenCompleted: boolean;
}

export interface Reading {
  readonly requests: readonly TimedRequest[];
  readonly intervalMs: number;
  /** The reading fails after this time. */
  readonly timeoutMs: number;
}

export interface ReadingResult {
  /** The durations of the answered requests, by name. */
  readonly tookMs: Readonly<Record<string, readonly number[]>>;
  /** One line for each connection error and each answer other than 200. */
  readonly failures: readonly string[];
  /** The time of the first answer `completed`, on the system's monotonic clock. */
  readonly completedAtSeconds: number;
}

/** Reads from a contestant at a steady interval while it works, from a process on the core of the load. */
export class Reader {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: Interface;
  private readonly exited: Promise<unknown>;

  private constructor() {
    const [program, ...args] = pinned('load', process.execPath, PROCESS);
    this.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout });
    this.exited = once(this.child, 'close'); // its last line may come after `exit`
  }

  /** Resolves when each request has been answered once. */
  static async open(reading: Reading): Promise<Reader> {
    const reader = new Reader();
    const ready = reader.nextLine();
    reader.child.stdin.write(`${JSON.stringify(reading)}\n`);
    await ready;
    return reader;
  }

  /** Begins to read. Resolves when a status read says `completed`. */
  async readUntilCompleted(): Promise<ReadingResult> {
    const line = this.nextLine();
    this.child.stdin.write('begin\n');
    const result = JSON.parse(await line) as ReadingResult;
    await this.exited;
    return result;
  }

  /** Ends the process if it still runs. */
  async close(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private async nextLine(): Promise<string> {
    const [line] = (await Promise.race([once(this.lines, 'line'), this.exited])) as unknown[];
    if (typeof line !== 'string') {
      throw new Error('the process that reads has ended');
    }
    return line;
  }
}
