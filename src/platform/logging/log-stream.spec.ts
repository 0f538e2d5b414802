import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import type { Timer } from '../../domain/runtime.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { LogStream } from './log-stream.js';

const LINE_BYTES = 100_000;
/** More than the stream keeps. */
const LINES = 400;

/** The pauses of the stream are short: it waits for a full pipe hundreds of times. */
class HastyRuntime extends SystemRuntime {
  override setTimeout(callback: () => void, delayMs: number): Timer {
    return super.setTimeout(callback, Math.min(delayMs, 1));
  }
}

describe('A log to a pipe that nobody reads', () => {
  const newFolder = useTempFolders();
  let reader: number;
  let stream: LogStream;

  beforeEach(() => {
    const path = join(newFolder(), 'pipe');
    spawnSync('mkfifo', [path]);
    reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    stream = new LogStream(openSync(path, 'w'), new HastyRuntime());
  });
  afterEach(() => {
    closeSync(reader);
  });

  function writeLines(): void {
    for (let n = 0; n < LINES; n++) {
      stream.write(`${String(n).padEnd(LINE_BYTES, '.')}\n`);
    }
  }

  /** Reads until a line matches. */
  async function readUntil(last: RegExp): Promise<string[]> {
    const chunk = Buffer.alloc(1_000_000);
    const pieces: string[] = [];
    while (!last.test(pieces.slice(-2).join('').slice(-1000))) {
      try {
        pieces.push(chunk.toString('utf8', 0, readSync(reader, chunk)));
      } catch (error) {
        expect(error).toMatchObject({ code: 'EAGAIN' });
      }
      await sleep(1);
    }
    return pieces.join('').trimEnd().split('\n');
  }

  it('drops lines when it holds too many, and tells how many as soon as it is read', async () => {
    writeLines();
    const lines = await readUntil(/were dropped/);
    const kept = lines.slice(0, -1).map((line) => Number.parseInt(line, 10));
    const { dropped, msg } = JSON.parse(lines.at(-1) ?? '') as { dropped: number; msg: string };

    expect(kept).toEqual(kept.map((_, n) => n));
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.length + dropped).toBe(LINES);
    expect(msg).toBe(`${String(dropped)} log lines were dropped: the log could not be written`);
    stream.write('goes on\n');
    expect(await readUntil(/goes on/)).toEqual(['goes on']);
  });

  it('does not hold up the end of the process', () => {
    writeLines();
    const startMs = performance.now();
    stream.flushSync();

    expect(performance.now() - startMs).toBeLessThan(10_000); // without a bound it never returns
  });
});

describe('A log to a file', () => {
  const newFolder = useTempFolders();

  it('has each line once when the process ends while the thread pool writes', async () => {
    const path = join(newFolder(), 'log');
    const fd = openSync(path, 'w');
    const stream = new LogStream(fd, new SystemRuntime());
    const readLines = (): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);
    stream.write('first\n');
    await nextTurn();
    stream.write('second\n');
    stream.flushSync();
    stream.write('third\n'); // it follows the write of the thread pool
    while (!readLines().includes('third')) {
      await nextTurn();
    }
    expect(readLines().toSorted()).toEqual(['first', 'second', 'third']);
    closeSync(fd);
  });
});
