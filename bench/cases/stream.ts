import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '../../scripts/demo/service-process.ts';
import { startUsedPostgres } from '../used-postgres.ts';
import { startSluice } from '../contestants/sluice.ts';
import { LOOP_PROBE, probe, type Probed } from '../probe.ts';
import { quantile, ratioOf, seriesOf } from '../statistics.ts';
import { SteadyLoad } from '../steady-load.ts';
import { sendList, writeList, type Answer } from '../streamed-list.ts';
import type { BenchCase, CaseResult, Ratio, Row } from './bench-case.ts';

const IDS = { full: 10_000_000, quick: 1_000_000 };
const ROUNDS = { full: 3, quick: 2 };
const WARM_UP_IDS = 200_000;
const IDLE_SECONDS = 8;
const SMALL_REQUEST_EVERY_MS = 10;
const HEADS = 500;
const FIRST_ID = 1_000_000_000_000;
const NOTHING_SENT = { BATCH_DELAY: '86400' };

interface Round {
  readonly seconds: number;
  readonly idle: Probed;
  readonly busy: Probed;
  readonly idleMs: readonly number[];
  readonly busyMs: readonly number[];
  readonly answer: Answer;
}

/** Measures the streaming of one long list and its effect on other clients' requests. */
export const stream: BenchCase = {
  name: 'stream',
  title: `A long list streamed in as text/plain, beside a small list every ${String(SMALL_REQUEST_EVERY_MS)} ms`,

  async run({ quick }, folder) {
    const size = quick ? 'quick' : 'full';
    const list = join(folder, 'list');
    await writeList(list, IDS[size], FIRST_ID);
    const measure = (store: string, environment: Readonly<Record<string, string>>): Promise<CaseResult> =>
      measureStore({ store, list, ids: IDS[size], rounds: ROUNDS[size], folder, environment });
    const onSqlite = await measure('SQLite', {});
    const server = await startUsedPostgres();
    try {
      return together(onSqlite, await measure('PostgreSQL', { DATABASE_URL: server.url }));
    } finally {
      await server.stop();
    }
  },
};

interface Measurement {
  readonly store: string;
  /** The file with the list, and its number of ids. */
  readonly list: string;
  readonly ids: number;
  readonly rounds: number;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function measureStore(measurement: Measurement): Promise<CaseResult> {
  const { store, list, ids, folder, environment } = measurement;
  const probeFile = join(folder, `probe-${store}`);
  const sluice = await startSluice(join(folder, `stream-${store}`), {
    ...NOTHING_SENT,
    NODE_OPTIONS: `--import=${LOOP_PROBE}`,
    LOOP_PROBE_FILE: probeFile,
    ...environment,
  });
  const small = SteadyLoad.start(sluice.url, SMALL_REQUEST_EVERY_MS);
  try {
    await warmUp(sluice, small, folder);
    await probe(sluice, probeFile);
    const rounds: Round[] = [];
    for (let i = 0; i < measurement.rounds; i++) {
      rounds.push(await measureRound(sluice, small, probeFile, list));
    }
    const ingestionId = rounds.at(-1)?.answer.ingestionId ?? '';
    const headMs = await readHeads(sluice.url, ingestionId);
    return toResult(store, ids, rounds, headMs);
  } finally {
    await small.stop();
    await sluice.kill();
  }
}

async function warmUp(sluice: ServiceProcess, small: SteadyLoad, folder: string): Promise<void> {
  const file = join(folder, 'warm-up');
  await writeList(file, WARM_UP_IDS, FIRST_ID);
  await sendList(sluice.url, file);
  await sleep(IDLE_SECONDS * 1000);
  await small.take();
}

async function measureRound(
  sluice: ServiceProcess,
  small: SteadyLoad,
  probeFile: string,
  list: string,
): Promise<Round> {
  await sleep(IDLE_SECONDS * 1000);
  const idleMs = await small.take();
  const idle = await probe(sluice, probeFile);
  const startMs = performance.now();
  const answer = await sendList(sluice.url, list);
  const seconds = (performance.now() - startMs) / 1000;
  const busyMs = await small.take();
  const busy = await probe(sluice, probeFile);
  return { seconds, idle, busy, idleMs, busyMs, answer };
}

function toResult(
  store: string,
  ids: number,
  rounds: readonly Round[],
  headMs: readonly number[],
): CaseResult {
  const row = (what: string, unit: string, value: (round: Round) => number): Row => ({
    what: `${store}: ${what}`,
    unit,
    series: seriesOf(rounds.map(value)),
  });
  const ratio = (what: string, value: (round: Round) => number, most: number): Ratio => ({
    what: `${store}: ${what}`,
    series: seriesOf(rounds.map(value)),
    target: { kind: 'at_most', value: most },
  });
  // Only the first round is idle: later ones include memory that the first list left behind.
  const idleMb = rounds[0]?.idle.peakRssMb ?? NaN;
  const p99Idle = row('small requests p99, idle', 'ms', ({ idleMs }) => quantile(idleMs, 0.99));
  const p99Busy = row('small requests p99, streaming', 'ms', ({ busyMs }) => quantile(busyMs, 0.99));
  return {
    rows: [
      row(`${ids.toLocaleString('en')} ids`, 's', ({ seconds }) => seconds),
      row('ids', '/s', ({ seconds }) => ids / seconds),
      row('memory at its highest, idle', 'MB', () => idleMb),
      row('memory at its highest, streaming', 'MB', ({ busy }) => busy.peakRssMb),
      row('longest stall, idle', 'ms', ({ idle }) => idle.longestStallMs),
      row('longest stall, streaming', 'ms', ({ busy }) => busy.longestStallMs),
      row('small requests while streaming', '', ({ busyMs }) => busyMs.length),
      row('small requests p50, idle', 'ms', ({ idleMs }) => quantile(idleMs, 0.5)),
      row('small requests p50, streaming', 'ms', ({ busyMs }) => quantile(busyMs, 0.5)),
      p99Idle,
      p99Busy,
      { what: `${store}: status head of it p50`, unit: 'ms', series: seriesOf([quantile(headMs, 0.5)]) },
    ],
    ratios: [
      ratio('MB over idle', ({ busy }) => busy.peakRssMb - idleMb, 64),
      ratio('longest stall, ms', ({ busy }) => busy.longestStallMs, 50),
      {
        what: `${store}: p99 of small requests, to idle`,
        series: ratioOf(p99Busy.series, p99Idle.series),
        target: { kind: 'at_most', value: 2 },
      },
    ],
    losses: rounds
      .filter(({ answer }) => answer.total !== ids)
      .map(({ answer }) => `${store}: ${String(answer.total)} of ${String(ids)} ids were taken`),
  };
}

function together(one: CaseResult, other: CaseResult): CaseResult {
  return {
    rows: [...one.rows, ...other.rows],
    ratios: [...one.ratios, ...other.ratios],
    losses: [...one.losses, ...other.losses],
  };
}

async function readHeads(url: string, ingestionId: string): Promise<number[]> {
  const tookMs: number[] = [];
  for (let i = 0; i < HEADS; i++) {
    const startMs = performance.now();
    await (await fetch(`${url}/status/${ingestionId}?batches=none`)).arrayBuffer();
    tookMs.push(performance.now() - startMs);
  }
  return tookMs;
}
