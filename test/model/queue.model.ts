import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { STORES } from '../contract/stores.js';
import { Player } from './player.js';
import { arbitraryScenario } from './steps.js';
import { COARSE, EXACT, type Timing } from './timing.js';

/** The number of random runs on each store, and the precision of its time in them. */
const TOLD: Readonly<Record<string, { numRuns: number; timing: Timing }>> = {
  SQLite: { numRuns: 200, timing: EXACT },
};
const TOLD_TO_A_SERVER = { numRuns: 15, timing: COARSE };
const LONGEST_MS = 600_000;

/**
 * Checks the promises for each of two lanes, over random runs of acceptances, outcomes, pauses, cancels, bulk actions and
 * kills: accepted ids are kept and end once, dispatches keep the delay, none is late without cause, and the
 * order is the reference's.
 */
describe.each(STORES)('$name, whatever happens,', ({ name, open }) => {
  const { numRuns, timing } = TOLD[name] ?? TOLD_TO_A_SERVER;

  it(
    'is the queue that one would explain',
    async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryScenario(timing), async (scenario) => {
          const player = new Player(await open(), scenario, timing);
          try {
            await player.play();
          } finally {
            await player.close();
          }
        }),
        { numRuns, includeErrorInReport: true },
      );
      expect.hasAssertions();
    },
    LONGEST_MS,
  );
});
