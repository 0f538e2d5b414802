import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Semaphore } from './semaphore.js';

describe('A semaphore', () => {
  it('lets so many run at once, and the others in their order as these end', async () => {
    const semaphore = new Semaphore(2);
    const begun: number[] = [];
    for (const no of [1, 2, 3, 4]) {
      void semaphore.acquire().then(() => begun.push(no));
    }
    await nextTurn();
    expect(begun).toEqual([1, 2]);
    semaphore.release();
    await nextTurn();
    expect(begun).toEqual([1, 2, 3]);
    semaphore.release();
    semaphore.release();
    await nextTurn();
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  it('lets no more run where one comes while another that waited is about to begin', async () => {
    const semaphore = new Semaphore(1);
    let running = 0;
    const most: number[] = [];
    const work = async (): Promise<void> => {
      await semaphore.acquire();
      running += 1;
      most.push(running);
      await nextTurn();
      running -= 1;
      semaphore.release();
    };
    const first = work();
    const second = work();
    await first;
    await Promise.all([second, work(), work()]);

    expect(most).toEqual([1, 1, 1, 1]);
  });
});
