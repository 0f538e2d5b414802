import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOwnPostgres } from '../../test/support/postgres.ts';
import { startSluice } from '../contestants/sluice.ts';
import { LOOP_PROBE, probe } from '../probe.ts';
import { quantile, seriesOf } from '../statistics.ts';
import type { BenchCase, CaseResult, Ratio, Row } from './bench-case.ts';

const IDS = { full: 10_000_000, quick: 1_000_000 };
const IDLE_SECONDS = 5;
const BETWEEN_MS = 5;
const HEADS = 500;
const LINES_A_PIECE = 5000;
const FIRST_ID = 1_000_000_000_000;
const NOTHING_SENT = { BATCH_DELAY: '86400' };

/** One long list streamed in, while others go on asking: what it takes, and what they notice. */
export const stream: BenchCase = {
  name: 'stream',
  title: 'A long list streamed in as text/plain, beside small requests',

  async run({ quick }, folder) {
    const ids = quick ? IDS.quick : IDS.full;
    const onSqlite = await measure('SQLite', ids, folder, {});
    const server = await startOwnPostgres();
    try {
      return together(onSqlite, await measure('PostgreSQL', ids, folder, { DATABASE_URL: server.url }));
    } finally {
      await server.stop();
    }
  },
};

async function measure(
  store: string,
  ids: number,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<CaseResult> {
  const probeFile = join(folder, `probe-${store}`);
  const sluice = await startSluice(join(folder, `stream-${store}`), {
    ...NOTHING_SENT,
    NODE_OPTIONS: `--import=${LOOP_PROBE}`,
    LOOP_PROBE_FILE: probeFile,
    ...environment,
  });
  try {
    await askUntil(sluice.url, sleep(IDLE_SECONDS * 1000)); // warm
    await probe(sluice, probeFile);
    const idleMs = await askUntil(sluice.url, sleep(IDLE_SECONDS * 1000));
    const idle = await probe(sluice, probeFile);
    const startMs = performance.now();
    const sending = sendList(sluice.url, ids);
    const busyMs = await askUntil(sluice.url, sending);
    const { ingestionId, total } = await sending;
    const seconds = (performance.now() - startMs) / 1000;
    const busy = await probe(sluice, probeFile);
    const headMs = await readHeads(sluice.url, ingestionId);
    const of = (what: string): string => `${store}: ${what}`;
    const row = (what: string, unit: string, value: number): Row => ({
      what: of(what),
      unit,
      series: seriesOf([value]),
    });
    const p99 = [quantile(idleMs, 0.99), quantile(busyMs, 0.99)] as const;
    return {
      rows: [
        row(`${ids.toLocaleString('en')} ids`, 's', seconds),
        row('ids', '/s', ids / seconds),
        row('memory at its highest, idle', 'MB', idle.peakRssMb),
        row('memory at its highest, streaming', 'MB', busy.peakRssMb),
        row('longest stall, idle', 'ms', idle.longestStallMs),
        row('longest stall, streaming', 'ms', busy.longestStallMs),
        row('small requests p50, idle', 'ms', quantile(idleMs, 0.5)),
        row('small requests p50, streaming', 'ms', quantile(busyMs, 0.5)),
        row('small requests p99, idle', 'ms', p99[0]),
        row('small requests p99, streaming', 'ms', p99[1]),
        row('status head of it p50', 'ms', quantile(headMs, 0.5)),
      ],
      ratios: [
        toRatio(of('MB over idle'), busy.peakRssMb - idle.peakRssMb, 64),
        toRatio(of('longest stall, ms'), busy.longestStallMs, 50),
        toRatio(of('p99 of small requests, to idle'), p99[1] / p99[0], 2),
      ],
      losses: total === ids ? [] : [`${store}: ${String(total)} of ${String(ids)} ids were taken`],
    };
  } finally {
    await sluice.kill();
  }
}

function toRatio(what: string, value: number, most: number): Ratio {
  return { what, series: seriesOf([value]), target: { kind: 'at_most', value: most } };
}

function together(one: CaseResult, other: CaseResult): CaseResult {
  return {
    rows: [...one.rows, ...other.rows],
    ratios: [...one.ratios, ...other.ratios],
    losses: [...one.losses, ...other.losses],
  };
}

/** Hands over a small list again and again until `end`; gives how long each took. */
async function askUntil(url: string, end: Promise<unknown>): Promise<number[]> {
  const over = new AbortController();
  void end.finally(() => {
    over.abort();
  });
  const tookMs: number[] = [];
  while (!over.signal.aborted) {
    const startMs = performance.now();
    const first = Math.floor(startMs * 1000);
    const response = await fetch(`${url}/ingest`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ids: [first, first + 1, first + 2, first + 3, first + 4], priority: 'HIGH' }),
    });
    await response.arrayBuffer();
    tookMs.push(performance.now() - startMs);
    await sleep(BETWEEN_MS);
  }
  return tookMs;
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

async function sendList(url: string, ids: number): Promise<{ ingestionId: string; total: number }> {
  const sending = request(`${url}/ingest/stream?priority=LOW`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain' },
  });
  const answered = new Promise<string>((resolve, reject) => {
    sending.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => {
        resolve(text);
      });
    });
  });
  await pipeline(Readable.from(lines(ids)), sending);
  const answer = JSON.parse(await answered) as { ingestion_id: string; total: number };
  return { ingestionId: answer.ingestion_id, total: answer.total };
}

function* lines(ids: number): Generator<string, void> {
  for (let first = 0; first < ids; first += LINES_A_PIECE) {
    const end = Math.min(first + LINES_A_PIECE, ids);
    let text = '';
    for (let i = first; i < end; i++) {
      text += `${String(FIRST_ID + i * 7)}\n`;
    }
    yield text;
  }
}
