import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Ratio } from './cases/bench-case.ts';
import type { Outcome } from './report.ts';

/** The committed ratios, by case and name. */
type Baseline = Readonly<Record<string, Readonly<Record<string, number>>>>;

const BASELINE_FILE = fileURLToPath(new URL('./baseline.json', import.meta.url));
/** The relative increase above which a ratio counts as worse. */
const TOLERANCE = 0.2;

/** Returns a sentence for each ratio worse than the committed one. All of them are costs: less is better. */
export function findWorse(outcomes: readonly Outcome[]): string[] {
  const baseline = JSON.parse(readFileSync(BASELINE_FILE, 'utf8')) as Baseline;
  return outcomes.flatMap(({ bench, result }) =>
    steadyOf(result.ratios).flatMap(({ what, series }) => {
      const committed = baseline[bench.name]?.[what];
      if (committed === undefined) {
        return [`${what}: nothing was committed; run "npm run bench -- --commit"`];
      }
      return series.median > committed * (1 + TOLERANCE)
        ? [`${what}: ${series.median.toFixed(2)}, committed was ${committed.toFixed(2)}`]
        : [];
    }),
  );
}

/** Writes the ratios of this run as the baseline. Cases that did not run keep their values. */
export function commitBaseline(outcomes: readonly Outcome[]): void {
  let baseline: Baseline = {};
  try {
    baseline = JSON.parse(readFileSync(BASELINE_FILE, 'utf8')) as Baseline;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw error;
    }
  }
  const ofThisRun = outcomes.map(({ bench, result }) => [
    bench.name,
    Object.fromEntries(
      steadyOf(result.ratios).map(({ what, series }) => [what, Number(series.median.toFixed(3))]),
    ),
  ]);
  writeFileSync(
    BASELINE_FILE,
    `${JSON.stringify({ ...baseline, ...Object.fromEntries(ofThisRun) }, null, 2)}\n`,
  );
}

function steadyOf(ratios: readonly Ratio[]): Ratio[] {
  return ratios.filter(({ isSteady }) => isSteady === true);
}
