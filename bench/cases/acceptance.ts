import { join } from 'node:path';
import { startBareNest } from '../contestants/bare-nest.ts';
import { countStore, startSluice } from '../contestants/sluice.ts';
import { interleave, type Contest, type LoadMaker } from '../interleave.ts';
import { ratioOf } from '../statistics.ts';
import type { BenchCase, CaseResult, Row } from './bench-case.ts';

const CONNECTIONS = 64;
const IDS_PER_REQUEST = 5;
/** Apart from each other: no load repeats another's ids, however long it runs. */
const IDS_PER_LOAD = 1_000_000_000;

/** Acceptances a second, durable, beside the bare framework that keeps nothing. */
export const acceptance: BenchCase = {
  name: 'acceptance',
  title: `Acceptances: ${String(IDS_PER_REQUEST)} ids a request, ${String(CONNECTIONS)} connections`,

  async run(settings, folder) {
    const dataDir = join(folder, 'acceptance');
    const sluice = await startSluice(dataDir);
    try {
      const bareNest = await startBareNest();
      try {
        const contests = await interleave([ingestAt(sluice.url), ingestAt(bareNest.url)], settings);
        await sluice.kill();
        return toResult(contests, dataDir, settings.rounds + 1);
      } finally {
        await bareNest.kill();
      }
    } finally {
      await sluice.kill();
    }
  },
};

function ingestAt(url: string): LoadMaker {
  let loads = 0;
  return (seconds) => ({
    url,
    seconds,
    connections: CONNECTIONS,
    kind: { name: 'ingest', idsPerRequest: IDS_PER_REQUEST, firstId: 1 + IDS_PER_LOAD * loads++ },
  });
}

function toResult([sluice, bareNest]: readonly Contest[], dataDir: string, loads: number): CaseResult {
  if (sluice === undefined || bareNest === undefined) {
    throw new Error('a contestant has no result');
  }
  return {
    rows: [...rowsOf('Sluice', sluice), ...rowsOf('bare Nest', bareNest)],
    ratios: [
      {
        what: 'acceptances, Sluice to bare Nest',
        series: ratioOf(sluice.perSecond, bareNest.perSecond),
        target: { kind: 'at_least', value: 0.8 },
      },
      {
        what: 'p99, Sluice to bare Nest',
        series: ratioOf(sluice.p99Ms, bareNest.p99Ms),
        target: { kind: 'at_most', value: 1.5 },
      },
    ],
    losses: findLosses(sluice, dataDir, loads),
  };
}

function rowsOf(name: string, contest: Contest): Row[] {
  return [
    { what: `${name}: acceptances`, unit: '/s', series: contest.perSecond },
    { what: `${name}: p50`, unit: 'ms', series: contest.p50Ms },
    { what: `${name}: p99`, unit: 'ms', series: contest.p99Ms },
    { what: `${name}: p99.9`, unit: 'ms', series: contest.p999Ms },
  ];
}

/** The service was killed after its last answer. At its end each load cut off one request per connection at most. */
function findLosses({ answered, refused }: Contest, dataDir: string, loads: number): string[] {
  const stored = countStore(dataDir);
  const losses: string[] = [];
  if (refused > 0) {
    losses.push(`Sluice refused ${String(refused)} requests`);
  }
  if (stored.ingestions < answered) {
    losses.push(`Sluice answered ${String(answered)} requests and kept ${String(stored.ingestions)}`);
  }
  if (stored.ingestions > answered + loads * CONNECTIONS) {
    losses.push(
      `Sluice keeps ${String(stored.ingestions)} ingestions of ${String(answered)} answered: too many`,
    );
  }
  if (stored.ids !== stored.ingestions * IDS_PER_REQUEST) {
    losses.push(`Sluice keeps ${String(stored.ids)} ids in ${String(stored.ingestions)} ingestions`);
  }
  return losses;
}
