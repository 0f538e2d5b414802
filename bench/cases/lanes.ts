import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { callService } from '../drain/call-service.ts';
import { usageOf } from '../drain/process-usage.ts';
import { startSilently, type SilentService } from '../drain/silent-service.ts';
import type { Settings } from '../settings.ts';
import { seriesOf } from '../statistics.ts';
import { pidOf, startUsedPostgres } from '../used-postgres.ts';
import type { BenchCase, CaseResult } from './bench-case.ts';

const LANES = 100;
const DELAY_MS = 100;
const BATCH_SIZE = 3;
const WARM_UP_SECONDS = 5;
const REPLICAS = 3;
const MIN_SLOTS_USED = 0.99;
/** The aim for one process on the embedded store. */
const MAX_CORES = 0.5;

const ENVIRONMENT = {
  BATCH_DELAY: String(DELAY_MS / 1000),
  BATCH_SIZE: String(BATCH_SIZE),
  MOCK_DELAY_MIN: '0',
  MOCK_DELAY_MAX: '0',
  LOG_LEVEL: 'WARNING',
};

/** The processes that serve the lanes, those of a database server included. */
interface Served {
  readonly services: readonly SilentService[];
  readonly pids: readonly number[];
}

/** Measures how many slots many lanes use, and the processor time for it. The upstream answers at once. */
export const lanes: BenchCase = {
  name: 'lanes',
  title: `${String(LANES)} lanes at BATCH_DELAY ${String(DELAY_MS / 1000)}`,

  async run(settings, folder) {
    const place = join(folder, 'lanes');
    mkdirSync(place, { recursive: true });
    const lanesFile = join(place, 'lanes.json');
    writeFileSync(
      lanesFile,
      JSON.stringify({ lanes: Object.fromEntries(names().map((name) => [name, {}])) }),
    );
    const environment = { ...ENVIRONMENT, LANES_FILE: lanesFile };
    const results = [
      await onSqlite(place, environment, settings),
      await onPostgres(1, place, environment, settings),
      await onPostgres(REPLICAS, place, environment, settings),
    ];
    return {
      rows: results.flatMap(({ rows }) => rows),
      ratios: results.flatMap(({ ratios }) => ratios),
      losses: [],
    };
  },
};

async function onSqlite(
  folder: string,
  environment: Readonly<Record<string, string>>,
  settings: Settings,
): Promise<CaseResult> {
  const service = await startSilently(join(folder, 'sqlite.log'), {
    ...environment,
    DATA_DIR: join(folder, 'data'),
  });
  return measure('SQLite, 1 process', { services: [service], pids: [service.pid] }, settings, MAX_CORES);
}

/** The server and the replicas share all cores. */
async function onPostgres(
  replicas: number,
  folder: string,
  environment: Readonly<Record<string, string>>,
  settings: Settings,
): Promise<CaseResult> {
  const server = await startUsedPostgres();
  try {
    const services: SilentService[] = [];
    for (let i = 0; i < replicas; i++) {
      const log = join(folder, `postgresql-${String(i)}.log`);
      services.push(
        await startSilently(log, { ...environment, DATABASE_URL: server.url }, [process.execPath]),
      );
    }
    const pids = [...services.map((service) => service.pid), pidOf(server)];
    const name = replicas === 1 ? 'PostgreSQL, 1 replica' : `PostgreSQL, ${String(replicas)} replicas`;
    return await measure(name, { services, pids }, settings);
  } finally {
    await server.stop();
  }
}

async function measure(
  name: string,
  { services, pids }: Served,
  { rounds, roundSeconds }: Settings,
  maxCores?: number,
): Promise<CaseResult> {
  const seconds = rounds * roundSeconds;
  try {
    await fillLanes(services[0]?.url ?? '', seconds + WARM_UP_SECONDS);
    await sleep(WARM_UP_SECONDS * 1000);
    const [usageBefore, dispatchesBefore] = [usageOf(pids), await countDispatches(services)];
    const startedAtMs = performance.now();
    await sleep(seconds * 1000);
    const dispatches = (await countDispatches(services)) - dispatchesBefore;
    const cpuSeconds = usageOf(pids).cpuSeconds - usageBefore.cpuSeconds;
    const elapsedMs = performance.now() - startedAtMs;
    const slots = (LANES * elapsedMs) / DELAY_MS;
    const cores = seriesOf([(cpuSeconds * 1000) / elapsedMs]);
    const coresOf = `processor cores, ${name}`;
    return {
      rows: [
        { what: coresOf, unit: '', series: cores },
        {
          what: `processor time of a dispatch, ${name}`,
          unit: 'µs',
          series: seriesOf([(cpuSeconds * 1e6) / dispatches]),
        },
      ],
      ratios: [
        {
          what: `slots used, ${name}`,
          series: seriesOf([dispatches / slots]),
          target: { kind: 'at_least', value: MIN_SLOTS_USED },
        },
        ...(maxCores === undefined
          ? []
          : [{ what: coresOf, series: cores, target: { kind: 'at_most', value: maxCores } } as const]),
      ],
      losses: [],
    };
  } finally {
    await Promise.all(services.map(({ kill }) => kill()));
  }
}

/** Gives each lane ids for twice this time. */
async function fillLanes(url: string, seconds: number): Promise<void> {
  const count = Math.ceil((2 * seconds * 1000 * BATCH_SIZE) / DELAY_MS);
  const ids = Array.from({ length: count }, (_, i) => i + 1);
  for (const lane of names()) {
    await callService(`${url}/ingest`, 'POST', JSON.stringify({ ids, priority: 'LOW', lane }));
  }
}

async function countDispatches(services: readonly SilentService[]): Promise<number> {
  const counts = await Promise.all(
    services.map(async ({ url }) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return [...text.matchAll(/^sluice_dispatches_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count));
    }),
  );
  return counts.flat().reduce((sum, count) => sum + count, 0);
}

function names(): string[] {
  return Array.from({ length: LANES }, (_, i) => `lane-${String(i)}`);
}
