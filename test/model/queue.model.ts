import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { STORES } from '../contract/stores.js';
import { Player } from './player.js';
import { story } from './steps.js';

const RUNS: Readonly<Record<string, number>> = { SQLite: 1000, PostgreSQL: 40 };
const LONGEST_MS = 240_000;

/**
 * The promises, over any story of acceptances, outcomes, waits and kills: what is accepted is kept and ends once,
 * dispatches keep their distance, none waits without cause, and the order is the reference's.
 */
describe.each(STORES)('$name, whatever happens,', ({ name, open }) => {
  it(
    'is the queue that one would explain',
    async () => {
      const isEmbedded = name === 'SQLite';
      await fc.assert(
        fc.asyncProperty(story, async ({ terms, steps }) => {
          const player = new Player(await open(), terms, isEmbedded);
          try {
            for (const step of steps) {
              await player.take(step);
            }
            await player.compare();
            await player.finish();
          } finally {
            await player.close();
          }
        }),
        { numRuns: RUNS[name] ?? 1, includeErrorInReport: true },
      );
      expect.hasAssertions();
    },
    LONGEST_MS,
  );
});
