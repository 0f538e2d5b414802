import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type ServiceProcess } from '../../scripts/demo/service-process.ts';
import { addIngestions, openStore, type Backlog } from '../backlog.ts';
import { startSluice } from '../contestants/sluice.ts';
import { interleave, type LoadMaker, type Measured } from '../interleave.ts';
import { ratioOf, seriesOf, type Series } from '../statistics.ts';
import type { Settings } from '../settings.ts';
import type { BenchCase, CaseResult, Ratio, Row } from './bench-case.ts';

const EMPTY: Backlog = { name: 'empty', ingestions: 0, idsEach: 0 };
const FULL: readonly Backlog[] = [
  EMPTY,
  { name: '10,000 ingestions of 5 ids', ingestions: 10_000, idsEach: 5 },
  { name: '1,000,000 ingestions of 5 ids', ingestions: 1_000_000, idsEach: 5 },
  { name: 'one ingestion of 10,000,000 ids', ingestions: 1, idsEach: 10_000_000 },
];
const QUICK: readonly Backlog[] = [
  EMPTY,
  { name: '100,000 ingestions of 5 ids', ingestions: 100_000, idsEach: 5 },
  { name: 'one ingestion of 1,000,000 ids', ingestions: 1, idsEach: 1_000_000 },
];

const CONNECTIONS = 64;
const STARTS = 5;
const BYTES_PER_MB = 1_048_576;
const IDS_PER_LOAD = 1_000_000_000;
const SAME = { kind: 'at_most', value: 1.2 } as const;
const MORE_MB = { kind: 'at_most', value: 32 } as const;
const BYTES_PER_ID = { kind: 'at_most', value: 12 } as const;
/** A delay of one day: nothing is sent during the measurement. */
const NO_DISPATCHES = { BATCH_DELAY: '86400' };

interface Filled {
  readonly backlog: Backlog;
  readonly dataDir: string;
  readonly fileBytes: number;
}

/**
 * Measures start, memory, disk, acceptances and status reads with a backlog, compared with an empty store.
 */
export const backlog: BenchCase = {
  name: 'backlog',
  title: `With a backlog that waits: start, memory, disk, ${String(CONNECTIONS)} connections`,

  async run(settings, folder) {
    const filled: Filled[] = [];
    for (const [i, kind] of (settings.quick ? QUICK : FULL).entries()) {
      filled.push(await fill(kind, join(folder, `backlog-${String(i)}`)));
    }
    const starts = await measureStarts(filled);
    const services = await Promise.all(filled.map(({ dataDir }) => startSluice(dataDir, NO_DISPATCHES)));
    try {
      const accepted = await interleave(
        services.map(({ url }) => ingestAt(url)),
        settings,
      );
      const read = await readStatuses(services, settings);
      const memory = services.map(({ pid }) => seriesOf([memoryOf(pid)]));
      return toResult(filled, starts, accepted, read, memory);
    } finally {
      await Promise.all(services.map((service) => service.kill()));
    }
  },
};

async function fill(kind: Backlog, dataDir: string): Promise<Filled> {
  const store = await openStore(dataDir);
  if (kind.ingestions > 0) {
    await addIngestions(store, kind.ingestions, kind.idsEach);
  }
  await store.close(); // the close moves the content of the log into the file
  return { backlog: kind, dataDir, fileBytes: statSync(join(dataDir, 'sluice.sqlite')).size };
}

async function measureStarts(filled: readonly Filled[]): Promise<Series[]> {
  const startMs = filled.map((): number[] => []);
  for (let start = 0; start < STARTS; start++) {
    for (const [i, { dataDir }] of filled.entries()) {
      const beganMs = performance.now();
      const service = await startSluice(dataDir, NO_DISPATCHES);
      startMs[i]?.push(performance.now() - beganMs);
      await service.stop();
    }
  }
  return startMs.map(seriesOf);
}

function ingestAt(url: string): LoadMaker {
  let loads = 0;
  return (seconds) => ({
    url,
    seconds,
    connections: CONNECTIONS,
    kind: { name: 'ingest', idsPerRequest: 5, firstId: 1 + IDS_PER_LOAD * ++loads },
  });
}

/** Measures reads of the status of lists accepted after the backlog. */
async function readStatuses(services: readonly ServiceProcess[], settings: Settings): Promise<Measured[]> {
  const makers = await Promise.all(
    services.map(async ({ url }): Promise<LoadMaker> => {
      const response = await fetch(new URL('/ingest', url), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{"ids":[1,2,3,4,5],"priority":"LOW"}',
      });
      const { ingestion_id: ingestionId } = (await response.json()) as { ingestion_id: string };
      return (seconds) => ({
        url,
        seconds,
        connections: CONNECTIONS,
        kind: { name: 'status', ingestionIds: [ingestionId] },
      });
    }),
  );
  return interleave(makers, settings);
}

function memoryOf(pid: number): number {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return (Number(kilobytes) * 1024) / BYTES_PER_MB;
}

function toResult(
  filled: readonly Filled[],
  starts: readonly Series[],
  accepted: readonly Measured[],
  read: readonly Measured[],
  memory: readonly Series[],
): CaseResult {
  const rows: Row[] = [];
  const ratios: Ratio[] = [];
  const losses: string[] = [];
  const [emptyStart, emptyAccepted, emptyRead, emptyMemory] = [starts[0], accepted[0], read[0], memory[0]];
  for (const [i, { backlog: kind, fileBytes }] of filled.entries()) {
    const [start, acceptedHere, readHere, memoryHere] = [starts[i], accepted[i], read[i], memory[i]];
    if (
      start === undefined ||
      acceptedHere === undefined ||
      readHere === undefined ||
      memoryHere === undefined ||
      emptyStart === undefined ||
      emptyAccepted === undefined ||
      emptyRead === undefined ||
      emptyMemory === undefined
    ) {
      throw new Error('a store has no result');
    }
    const { name } = kind;
    rows.push(
      { what: `${name}: start`, unit: 'ms', series: start },
      { what: `${name}: acceptances`, unit: '/s', series: acceptedHere.perSecond },
      { what: `${name}: status reads`, unit: '/s', series: readHere.perSecond },
      { what: `${name}: memory`, unit: 'MB', series: memoryHere },
    );
    const refused = acceptedHere.refused + readHere.refused;
    if (refused > 0) {
      losses.push(`Sluice refused ${String(refused)} requests with ${name} waiting`);
    }
    if (i > 0) {
      ratios.push(
        { what: `start, ${name} to empty`, series: ratioOf(start, emptyStart), target: SAME },
        {
          what: `acceptances, empty to ${name}`,
          series: ratioOf(emptyAccepted.perSecond, acceptedHere.perSecond),
          target: SAME,
        },
        {
          what: `status reads, empty to ${name}`,
          series: ratioOf(emptyRead.perSecond, readHere.perSecond),
          target: SAME,
        },
        {
          what: `MB more than empty, ${name}`,
          series: differenceOf(memoryHere, emptyMemory),
          target: MORE_MB,
        },
      );
    }
    if (kind.ingestions === 1) {
      ratios.push({
        what: `bytes of disk an id, ${name}`,
        series: seriesOf([fileBytes / kind.idsEach]),
        target: BYTES_PER_ID,
        isSteady: true,
      });
    }
  }
  return { rows, ratios, losses };
}

function differenceOf(a: Series, b: Series): Series {
  return seriesOf(a.values.map((value, i) => value - (b.values[i] ?? NaN)));
}
