import { join } from 'node:path';
import { runSource } from '../contestants/run-source.ts';
import { startSluice } from '../contestants/sluice.ts';
import { measurePace, type Pace, type StartGate } from '../pace.ts';
import { ratioOf, seriesOf } from '../statistics.ts';
import type { BenchCase, Ratio, Row } from './bench-case.ts';

interface Aim {
  readonly delayMs: number;
  readonly slotsUsed: number;
  readonly rounds: number;
  /** True to also measure the limit of the machine. */
  readonly besideLimit: boolean;
}

const AIMS: readonly Aim[] = [
  { delayMs: 10, slotsUsed: 0.98, rounds: 7, besideLimit: true },
  { delayMs: 100, slotsUsed: 0.995, rounds: 3, besideLimit: true },
  { delayMs: 5000, slotsUsed: 0.999, rounds: 1, besideLimit: false },
];
const SLOTS = 200;
/** The longest delay of the short form: 200 slots of 5 s take 17 minutes. */
const SLOWEST_WHEN_QUICK_MS = 100;

/** Measures the slots used and the jitter of starts by the upstream's clock, compared with a bare socket. */
export const pace: BenchCase = {
  name: 'pace',
  title: `Pace: at least ${String(SLOTS)} slots, by the upstream's clock`,

  async run({ quick }, folder) {
    const rows: Row[] = [];
    const ratios: Ratio[] = [];
    for (const aim of AIMS.filter(({ delayMs }) => !quick || delayMs <= SLOWEST_WHEN_QUICK_MS)) {
      const name = `BATCH_DELAY ${String(aim.delayMs / 1000)}`;
      const [ofSluice, ofLimit] = await measureBeside(aim, quick ? 1 : aim.rounds, folder);
      const slotsUsed = seriesOf(ofSluice.map((measured) => measured.slotsUsed));
      rows.push(...rowsOf(name, ofSluice));
      ratios.push({
        what: `slots used, ${name}`,
        series: slotsUsed,
        target: { kind: 'at_least', value: aim.slotsUsed },
      });
      if (aim.besideLimit) {
        const ofBareSocket = seriesOf(ofLimit.map((measured) => measured.slotsUsed));
        rows.push(...rowsOf(`${name}, bare socket`, ofLimit));
        ratios.push(
          { what: `slots used, ${name}, bare socket`, series: ofBareSocket },
          { what: `slots used, ${name}, Sluice to bare socket`, series: ratioOf(slotsUsed, ofBareSocket) },
        );
      }
    }
    return { rows, ratios, losses: [] };
  },
};

/** Measures the gate and, if requested, the limit, round by round. */
async function measureBeside(
  { delayMs, besideLimit }: Aim,
  rounds: number,
  folder: string,
): Promise<[ofSluice: Pace[], ofLimit: Pace[]]> {
  const ofSluice: Pace[] = [];
  const ofLimit: Pace[] = [];
  const measure = (startGate: StartGate): Promise<Pace> => measurePace(startGate, { delayMs, slots: SLOTS });
  const settingsFor = (url: string): Record<string, string> => ({
    BATCH_DELAY: String(delayMs / 1000),
    EXTERNAL_API_URL: url,
  });
  for (let round = 0; round < rounds; round++) {
    const dataDir = join(folder, `pace-${String(delayMs)}-${String(round)}`);
    ofSluice.push(await measure((url) => startSluice(dataDir, settingsFor(url))));
    if (besideLimit) {
      ofLimit.push(await measure((url) => runSource('bare socket', 'bare-pacer-app.ts', settingsFor(url))));
    }
  }
  return [ofSluice, ofLimit];
}

/** Returns the table rows for the pace of a gate, one value a round. */
export function rowsOf(name: string, paces: readonly Pace[]): Row[] {
  const row = (what: string, valueOf: (pace: Pace) => number): Row => ({
    what: `${name}: ${what}`,
    unit: 'ms',
    series: seriesOf(paces.map(valueOf)),
  });
  return [
    row('smallest distance less the delay', (pace) => pace.smallestMarginMs),
    row('distance less the delay, p50', (pace) => pace.jitterP50Ms),
    row('distance less the delay, p99', (pace) => pace.jitterP99Ms),
    row('lateness of the recorder', (pace) => pace.latenessMs),
  ];
}
