import { describe, expect, it } from '@jest/globals';
import { parseLimits } from '../../src/domain/limits/parse-limits.js';
import { LimitsPlayer } from './limits-player.js';

const RUNS = 40;
const STEPS = 120;
const LONGEST_MS = 300_000;

/** Draws limits: up to four windows, and at times quotas for each hour and a limit in flight. */
function drawLimits(upTo: (max: number) => number): unknown[] {
  const windows = Array.from({ length: upTo(4) }, () => ({
    [upTo(2) === 1 ? 'calls' : 'ids']: upTo(12),
    per: upTo(4000) / 1000,
    margin: 0,
    spread: upTo(5) === 1,
  }));
  const quotas = Array.from({ length: upTo(3) - 1 }, () => ({
    [upTo(2) === 1 ? 'calls' : 'ids']: 10 + upTo(60),
    per: 'hour',
    margin: upTo(3000) / 1000,
  }));
  return [...windows, ...quotas, ...(upTo(3) === 1 ? [{ in_flight: upTo(4) }] : [])];
}

/**
 * Plays random runs of a lane on a real store: acceptances, claims, calls that leave in time, late, one request after the
 * other or never, outcomes and kills. An upstream records each call that leaves, and every window that ends at a call is
 * counted afterwards.
 */
describe('The limits of a lane, whatever happens,', () => {
  it(
    'are exceeded in no window, and let something go in each run',
    async () => {
      const exceeded: string[] = [];
      const seen = { calls: 0, late: 0, kills: 0, unsent: 0 };
      for (let seed = 1; seed <= RUNS; seed++) {
        const player = new LimitsPlayer(seed, (upTo) => parseLimits(drawLimits(upTo)));
        try {
          await player.play(STEPS);
        } finally {
          await player.close();
        }
        exceeded.push(...player.exceeded().map((what) => `seed ${String(seed)}: ${what}`));
        expect(player.calls.length).toBeGreaterThan(0);
        seen.calls += player.calls.length;
        seen.late += player.seen.late;
        seen.kills += player.seen.kills;
        seen.unsent += player.seen.unsent;
      }

      expect(exceeded).toEqual([]);
      expect(seen.calls).toBeGreaterThan(20 * RUNS);
      expect(Math.min(seen.late, seen.kills, seen.unsent)).toBeGreaterThan(RUNS / 2);
    },
    LONGEST_MS,
  );
});
