import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { EventLoopQueue } from './event-loop-queue.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

describe('Work done one piece a turn', () => {
  it('leaves a turn to others after each piece, in the order in which they came', async () => {
    const done: string[] = [];
    const turns = new EventLoopQueue(new SystemRuntime());
    ['a', 'b', 'c'].forEach((name) => {
      turns.add(() => {
        done.push(name);
        if (name === 'a') {
          turns.add(() => done.push('d'));
        }
      });
    });
    const seen: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      seen.push(done.length);
      await nextTurn();
    }
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(done).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is done in the context of who asked for it', async () => {
    const request = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const turns = new EventLoopQueue(new SystemRuntime());
    ['first', 'second'].forEach((name) => {
      request.run(name, () => {
        turns.add(() => seen.push(request.getStore()));
      });
    });
    await nextTurn();
    await nextTurn();
    expect(seen).toEqual(['first', 'second']);
  });
});
