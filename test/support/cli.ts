import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../../bundle/sluice.js', import.meta.url));

export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program in a separate process, with pipes or under a pseudo-terminal. */
export class CliProcess {
  stdout = '';
  stderr = '';
  readonly ended: Promise<CliRun>;

  constructor(readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    child.stdin.on('error', () => undefined); // the process may end before it has read everything
    this.ended = once(child, 'close').then(([exitCode]) => ({
      exitCode: exitCode as number | null,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  /** Resolves when its output matches. */
  async untilPrinted(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stdout)) {
      if (this.child.exitCode !== null) {
        throw new Error(`it ended without: ${this.stdout}${this.stderr}`);
      }
      await Promise.race([once(this.child.stdout, 'data'), this.ended]);
    }
  }
}

type Start = (
  args: readonly string[],
  url: string,
  environment?: Readonly<Record<string, string>>,
) => CliProcess;

/** Starts `sluice`, in a shell within a command line; kills what still runs at the end of a test. */
export function useCli(): {
  inPipe: Start;
  onTerminal: Start;
  inShell: (line: string, url: string) => CliProcess;
} {
  const processes: CliProcess[] = [];
  afterEach(() => {
    processes.splice(0).forEach(({ child }) => child.kill('SIGKILL'));
  });
  const start = (command: readonly [string, ...string[]], url: string, environment = {}): CliProcess => {
    const [program, ...args] = command;
    const env = { PATH: process.env['PATH'], TERM: 'xterm', SLUICE_URL: url, ...environment };
    const started = new CliProcess(spawn(program, args, { env }));
    processes.push(started);
    return started;
  };
  return {
    inPipe: (args, url, environment) => start([process.execPath, MAIN, ...args], url, environment),
    inShell: (line, url) =>
      start(['sh', '-c', line.replace('sluice', `'${process.execPath}' '${MAIN}'`)], url),
    onTerminal: (args, url, environment) =>
      start(['script', '-qec', [process.execPath, MAIN, ...args].join(' '), '/dev/null'], url, environment),
  };
}
