import { join } from 'node:path';
import { startSluice } from '../contestants/sluice.ts';
import { measurePace, type Pace } from '../pace.ts';
import { seriesOf } from '../statistics.ts';
import type { BenchCase, Ratio, Row } from './bench-case.ts';

interface Aim {
  readonly delayMs: number;
  readonly slotsUsed: number;
}

const AIMS: readonly Aim[] = [
  { delayMs: 10, slotsUsed: 0.98 },
  { delayMs: 100, slotsUsed: 0.995 },
  { delayMs: 5000, slotsUsed: 0.999 },
];
const SLOTS = 200;
/** The short form leaves the slowest pace out: 200 slots of 5 s are 17 minutes. */
const SLOWEST_WHEN_QUICK_MS = 100;

/** Slots used and how exact the starts are, by the upstream's clock. */
export const pace: BenchCase = {
  name: 'pace',
  title: `Pace: at least ${String(SLOTS)} slots, by the upstream's clock`,

  async run({ quick }, folder) {
    const rows: Row[] = [];
    const ratios: Ratio[] = [];
    for (const { delayMs, slotsUsed } of AIMS.filter(
      (aim) => !quick || aim.delayMs <= SLOWEST_WHEN_QUICK_MS,
    )) {
      const name = `BATCH_DELAY ${String(delayMs / 1000)}`;
      const measured = await measurePace(
        (url) =>
          startSluice(join(folder, `pace-${String(delayMs)}`), {
            BATCH_DELAY: String(delayMs / 1000),
            EXTERNAL_API_URL: url,
          }),
        { delayMs, slots: SLOTS },
      );
      rows.push(...rowsOf(name, measured));
      ratios.push({
        what: `slots used, ${name}`,
        series: seriesOf([measured.slotsUsed]),
        target: { kind: 'at_least', value: slotsUsed },
      });
    }
    return { rows, ratios, losses: [] };
  },
};

/** What the pace of a gate looks like in the table. */
export function rowsOf(name: string, pace: Pace): Row[] {
  const row = (what: string, value: number): Row => ({
    what: `${name}: ${what}`,
    unit: 'ms',
    series: seriesOf([value]),
  });
  return [
    row('smallest distance less the delay', pace.smallestMarginMs),
    row('distance less the delay, p50', pace.jitterP50Ms),
    row('distance less the delay, p99', pace.jitterP99Ms),
    row('lateness of the recorder', pace.latenessMs),
  ];
}
