import { spawnSync } from 'node:child_process';
import { runLoad, type LoadResult } from './load.ts';
import type { Load } from './load.ts';
import { seriesOf, type Series } from './statistics.ts';
import type { Settings } from './settings.ts';

/** Makes the next load for its contestant, of the given length. */
export type LoadMaker = (seconds: number) => Load;

export interface Measured {
  readonly perSecond: Series;
  readonly p50Ms: Series;
  readonly p99Ms: Series;
  readonly p999Ms: Series;
  /** Processor time of the contestant for each response. */
  readonly cpuMicros: Series;
  /** The count includes the warm-up. */
  readonly answered: number;
  readonly refused: number;
}

/**
 * Loads the contestants in turn, round by round, and reverses the order each round, so that changes on the
 * machine affect all of them.
 */
export async function interleave(makers: readonly LoadMaker[], settings: Settings): Promise<Measured[]> {
  const results = makers.map((): LoadResult[] => []);
  for (let round = 0; round <= settings.rounds; round++) {
    const seconds = round === 0 ? settings.warmUpSeconds : settings.roundSeconds;
    const order = makers.map((_, i) => i);
    for (const i of round % 2 === 0 ? order : order.reverse()) {
      const load = makers[i]?.(seconds);
      if (load !== undefined) {
        writeOutWhatIsPending();
        results[i]?.push(await runLoad(load));
      }
    }
  }
  return results.map(toMeasured);
}

/** Flushes dirty pages to disk, so that one contestant's writes do not slow down the next. */
function writeOutWhatIsPending(): void {
  spawnSync('sync');
}

function toMeasured(results: readonly LoadResult[]): Measured {
  const [, ...measured] = results; // the first was the warm-up
  const series = (pick: (result: LoadResult) => number): Series => seriesOf(measured.map(pick));
  const sum = (pick: (result: LoadResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  return {
    perSecond: series((result) => result.perSecond),
    p50Ms: series((result) => result.p50Ms),
    p99Ms: series((result) => result.p99Ms),
    p999Ms: series((result) => result.p999Ms),
    cpuMicros: series((result) => result.cpuMicros),
    answered: sum((result) => result.answered),
    refused: sum((result) => result.refused),
  };
}
