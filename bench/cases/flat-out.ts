import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { DrainContestant, DrainRun } from '../drain/contestant.ts';
import { Reader, type ReadingResult, type TimedRequest } from '../drain/reader.ts';
import { sluice } from '../drain/sluice.ts';
import type { Settings } from '../settings.ts';
import { quantile, seriesOf, type Series } from '../statistics.ts';
import type { BenchCase, Ratio, Row } from './bench-case.ts';

const STORES = ['SQLite', 'PostgreSQL'] as const;
const IDS_PER_DISPATCH = [1, 3, 10, 100];
const INTERVAL_MS = 10;
const MAX_DRAIN_MS = 900_000;
const WARM_UP_IDS = 2_000;
const MAX_P99_MS = 25;
const MAX_LONGEST_MS = 100;

/** Measures how long clients wait while a lane sends as fast as it can. */
export const flatOut: BenchCase = {
  name: 'flat-out',
  title: `Flat out: a status, a /health and an acceptance every ${String(INTERVAL_MS)} ms while a lane sends without a limit`,

  async run(settings, folder) {
    const rows: Row[] = [];
    const ratios: Ratio[] = [];
    const losses: string[] = [];
    for (const store of STORES) {
      for (const idsPerDispatch of IDS_PER_DISPATCH) {
        const contestant = sluice({ store, idsPerDispatch });
        const results = await measure(contestant, settings, mkdtempSync(join(folder, 'flat-out-')));
        rows.push(...rowsOf(contestant.name, results));
        ratios.push(...ratiosOf(contestant.name, results));
        const [failure] = results.flatMap(({ failures }) => failures);
        if (failure !== undefined) {
          losses.push(`${contestant.name}: ${failure}`);
        }
      }
    }
    const notes = [`${String(settings.drainIds)} ids, ${String(settings.pairs)} runs`];
    return { rows, ratios, losses, notes };
  },
};

async function measure(
  contestant: DrainContestant,
  { pairs, drainIds }: Settings,
  folder: string,
): Promise<ReadingResult[]> {
  const opened = await contestant.open(folder);
  try {
    const results: ReadingResult[] = [];
    for (let round = 0; round < pairs; round++) {
      const run = await opened.start();
      try {
        await readWhileItWorks(run, WARM_UP_IDS); // the code of requests and dispatches is compiled
        await run.rest();
        results.push(await readWhileItWorks(run, drainIds));
      } finally {
        await run.stop();
      }
    }
    return results;
  } finally {
    await opened.close();
  }
}

async function readWhileItWorks(run: DrainRun, ids: number): Promise<ReadingResult> {
  const requests = requestsOf(await run.accept(ids));
  const reader = await Reader.open({ requests, intervalMs: INTERVAL_MS, timeoutMs: MAX_DRAIN_MS });
  try {
    const [result] = await Promise.all([reader.readUntilCompleted(), run.work()]);
    return result;
  } finally {
    await reader.close();
  }
}

function requestsOf(statusUrl: string): TimedRequest[] {
  const at = (path: string): string => new URL(path, statusUrl).href;
  return [
    { name: 'GET /status', method: 'GET', url: statusUrl, endsWhenCompleted: true },
    { name: 'GET /health', method: 'GET', url: at('/health'), endsWhenCompleted: false },
    { name: 'POST /ingest', method: 'POST', url: at('/ingest'), endsWhenCompleted: false },
  ];
}

function rowsOf(name: string, results: readonly ReadingResult[]): Row[] {
  return requestNames(results).map((request) => ({
    what: `${name}: ${request}, p50`,
    unit: 'ms',
    series: quantiles(results, request, 0.5),
  }));
}

function ratiosOf(name: string, results: readonly ReadingResult[]): Ratio[] {
  return requestNames(results).flatMap((request) => [
    {
      what: `${name}: ${request}, p99, ms`,
      series: quantiles(results, request, 0.99),
      target: { kind: 'at_most', value: MAX_P99_MS },
    },
    {
      what: `${name}: ${request}, longest, ms`,
      series: quantiles(results, request, 1),
      target: { kind: 'at_most', value: MAX_LONGEST_MS },
    },
  ]);
}

/** The quantile of each run. */
function quantiles(results: readonly ReadingResult[], request: string, q: number): Series {
  return seriesOf(results.map(({ tookMs }) => quantile(tookMs[request] ?? [], q)));
}

function requestNames(results: readonly ReadingResult[]): string[] {
  return Object.keys(results[0]?.tookMs ?? {});
}
