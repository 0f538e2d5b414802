import type { IngestionOptions } from '../../src/ingestion/ingestion.options.js';
import { loadPipe, loadRuntime } from '../in-process.ts';
import { seriesOf } from '../statistics.ts';
import type { BenchCase, Ratio, Row } from './bench-case.ts';

const IDS = 100_000;
const REPEATS = 15;
const TARGET_MS = 30;
const HIGHEST_ID = 10_000_000_000_000_000_007n;

const BODIES: readonly { readonly name: string; readonly idAt: (i: number) => string }[] = [
  { name: 'ids of 1 to 6 digits', idAt: (i) => String(i + 1) },
  { name: 'ids of 16 digits', idAt: (i) => String(Number.MAX_SAFE_INTEGER - i) },
  { name: 'ids of 20 digits', idAt: (i) => String(HIGHEST_ID - BigInt(i % 7)) },
];

/** Measures the validation of a body of many ids, from its text on, and the share of plain JSON.parse. */
export const validation: BenchCase = {
  name: 'validation',
  title: `Parsing and validation of ${IDS.toLocaleString('en')} ids, in process`,

  async run() {
    const [{ IngestRequestPipe }, { SystemRuntime }] = await Promise.all([loadPipe(), loadRuntime()]);
    const pipe = new IngestRequestPipe({ maxIdsPerRequest: IDS } as IngestionOptions, new SystemRuntime());
    const rows: Row[] = [];
    const ratios: Ratio[] = [];
    for (const { name, idAt } of BODIES) {
      const body = `{"ids":[${Array.from({ length: IDS }, (_, i) => idAt(i)).join(',')}],"priority":"HIGH"}`;
      const parse: number[] = [];
      const whole: number[] = [];
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        parse.push(await timeOf(() => JSON.parse(body) as unknown));
        whole.push(await timeOf(() => pipe.transform(body)));
      }
      const validate = seriesOf(whole.map((ms, i) => ms - (parse[i] ?? 0)));
      rows.push(
        { what: `${name}: JSON.parse`, unit: 'ms', series: seriesOf(parse) },
        { what: `${name}: parsed, exact and validated`, unit: 'ms', series: seriesOf(whole) },
      );
      ratios.push({
        what: `ms beyond JSON.parse, ${name}`,
        series: validate,
        target: { kind: 'at_most', value: TARGET_MS },
      });
    }
    return { rows, ratios, losses: [] };
  },
};

/** Measures `work` until its promise settles, because a large body is read in steps. */
async function timeOf(work: () => unknown): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}
