import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Behaviour, SeenRequest } from './protocol.js';

const PROGRAM = fileURLToPath(new URL('upstream-process.ts', import.meta.url));

/**
 * A misbehaving upstream in a separate process, for the tests of a block; each test starts with a good one.
 */
export class Upstream {
  private process: ChildProcess | undefined;
  private origin = '';
  private seenBefore = 0;

  async start(): Promise<void> {
    this.process = fork(PROGRAM, { silent: true });
    const [line] = (await once(this.process.stdout ?? this.process, 'data')) as [Buffer];
    this.origin = `http://127.0.0.1:${line.toString().trim()}`;
  }

  stop(): void {
    this.process?.kill();
  }

  urlOf(path: string): string {
    return `${this.origin}${path}`;
  }

  /** Sets one behaviour for each later request; the last one stays. Clears the record of requests. */
  async play(...script: Behaviour[]): Promise<void> {
    await fetch(this.urlOf('/script'), { method: 'PUT', body: JSON.stringify(script) });
    this.seenBefore = (await this.all()).length;
  }

  async seen(): Promise<SeenRequest[]> {
    return (await this.all()).slice(this.seenBefore);
  }

  private async all(): Promise<SeenRequest[]> {
    return (await (await fetch(this.urlOf('/seen'))).json()) as SeenRequest[];
  }
}

export function useUpstream(): Upstream {
  const upstream = new Upstream();
  beforeAll(() => upstream.start());
  beforeEach(() => upstream.play('good'));
  afterAll(() => {
    upstream.stop();
  });
  return upstream;
}
