import { open } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from './virtual-clock.js';

describe('VirtualClock', () => {
  it('lets the work on files that a timer began end before the next timer fires', async () => {
    const clock = new VirtualClock();
    const steps: string[] = [];
    clock.setTimeout(() => {
      void readOften().then(() => steps.push('read'));
    }, 1000);
    clock.setTimeout(() => steps.push('timer'), 1001);

    await clock.advance(1001);
    expect(steps).toEqual(['read', 'timer']);
  });
});

async function readOften(): Promise<void> {
  const file = await open(import.meta.filename);
  for (let i = 0; i < 200; i++) {
    await file.read(Buffer.alloc(1), 0, 1, 0);
  }
  await file.close();
}
