import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { LongResponseQueue } from './long-response-queue.js';

const RESPONSES = 20;

describe('The pieces of long responses', () => {
  it('are made one in each turn of the event loop, in order of request', async () => {
    const queue = new LongResponseQueue(new SystemRuntime());
    const made: number[] = [];
    const perTurn: number[] = [];
    const all = Promise.all(
      Array.from({ length: RESPONSES }, (_, i) => queue.run(() => Promise.resolve(made.push(i)))),
    );
    while (made.length < RESPONSES) {
      const before = made.length;
      await nextTurn();
      perTurn.push(made.length - before);
    }
    await all;
    expect(Math.max(...perTurn)).toBe(1);
    expect(made).toEqual(Array.from({ length: RESPONSES }, (_, i) => i));
  });

  it('wait for the store four at a time, and go on when one has failed', async () => {
    const queue = new LongResponseQueue(new SystemRuntime());
    const fail: (() => void)[] = [];
    const pieces = Array.from({ length: 6 }, () =>
      queue.run(
        () =>
          new Promise((_, reject) => {
            fail.push(() => {
              reject(new RangeError('lost'));
            });
          }),
      ),
    );
    const settled = Promise.allSettled(pieces);
    for (let turn = 0; turn < 20; turn++) {
      await nextTurn();
    }
    expect(fail).toHaveLength(4);
    fail[0]?.();
    for (let turn = 0; turn < 20; turn++) {
      await nextTurn();
    }
    expect(fail).toHaveLength(5);
    fail.forEach((each) => {
      each();
    });
    await nextTurn();
    await nextTurn();
    fail.at(-1)?.();
    expect((await settled).map(({ status }) => status)).toEqual(Array<string>(6).fill('rejected'));
  });
});
