import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { pinned } from './settings.ts';

const GENERATOR = fileURLToPath(new URL('./steady-load-generator.ts', import.meta.url));

/** Submits a small list every `everyMs` from a separate process, without waiting for responses. */
export class SteadyLoad {
  private readonly generator: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: Interface;

  private constructor(generator: ChildProcessByStdio<Writable, Readable, null>) {
    this.generator = generator;
    this.lines = createInterface({ input: generator.stdout });
  }

  static start(url: string, everyMs: number): SteadyLoad {
    const [program, ...args] = pinned('load', process.execPath, GENERATOR, url, String(everyMs));
    return new SteadyLoad(spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  /** Resolves with the duration (ms) of each request sent since the previous call. */
  async take(): Promise<number[]> {
    const answered = once(this.lines, 'line');
    this.generator.stdin.write('take\n');
    const [line] = (await Promise.race([answered, once(this.generator, 'exit')])) as unknown[];
    if (typeof line !== 'string') {
      throw new Error('the generator of the steady load has ended');
    }
    return JSON.parse(line) as number[];
  }

  async stop(): Promise<void> {
    const exited = once(this.generator, 'exit');
    this.generator.stdin.end();
    await exited;
  }
}
