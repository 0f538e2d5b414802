import type { Incident } from './dice.js';
import type { Deploy } from './deployment.js';
import { Simulation, type SimulationResult } from './simulation.js';

const MAX_RUNS = 400;

/**
 * Finds a few incidents that are enough to break the same promise: it leaves out parts of them, smaller and smaller ones,
 * as long as the run still fails (delta debugging). It ends after `forMs` of real time at the latest.
 */
export async function shrink(
  failed: SimulationResult,
  deploy: Deploy,
  forMs: number,
): Promise<SimulationResult> {
  const giveUpAtMs = Date.now() + forMs;
  let best = failed;
  let runs = 0;
  for (let parts = 2; parts <= 2 * best.incidents.length;) {
    const size = Math.max(1, Math.ceil(best.incidents.length / parts));
    let isSmaller = false;
    for (let from = 0; from < best.incidents.length; from += size) {
      if (Date.now() > giveUpAtMs || runs >= MAX_RUNS) {
        return best;
      }
      runs += 1;
      const kept = best.incidents.filter((_, i) => i < from || i >= from + size);
      const result = await replay(failed, deploy, new Set(kept));
      if (result.violation?.promise === failed.violation?.promise) {
        best = result;
        isSmaller = true;
        break;
      }
    }
    parts = isSmaller ? Math.max(2, parts - 1) : size === 1 ? Infinity : 2 * parts;
  }
  return best;
}

/** Plays a run again with some of its incidents, for a little longer than it took to fail. */
function replay(
  failed: SimulationResult,
  deploy: Deploy,
  only: ReadonlySet<Incident>,
): Promise<SimulationResult> {
  return new Simulation(failed.seed, deploy, only).run(1.2 * failed.simulatedMs + 5000);
}
