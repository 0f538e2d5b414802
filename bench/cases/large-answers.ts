import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ServiceProcess } from '../../scripts/demo/service-process.ts';
import { startOwnPostgres } from '../../test/support/postgres.ts';
import { startSluice } from '../contestants/sluice.ts';
import { runLoad, type LoadKind, type LoadResult } from '../load.ts';
import { LOOP_PROBE, probe } from '../probe.ts';
import { seriesOf, type Series } from '../statistics.ts';
import type { Settings } from '../settings.ts';
import type { BenchCase, CaseResult, Ratio, Row } from './bench-case.ts';

const BYTES = { small: 10, large: 1_048_576 };
type Size = keyof typeof BYTES;
const SIZES: readonly Size[] = ['small', 'large'];
const BATCH_DELAY = '0.2';
/** For longer than it takes. */
const WAITING_IDS = 50_000;
const CONNECTIONS = 16;
const FIRST_ID = 1_000_000;
const MOST_STALL_MS = 50;

/** What a gate that settles long answers leaves for accepting and reading, beside one that settles short ones. */
export const largeAnswers: BenchCase = {
  name: 'large-answers',
  title: `Answers of 1 MB: 3 of them settled every ${BATCH_DELAY} s, beside 3 of 10 bytes; ${String(CONNECTIONS)} connections`,

  async run(settings, folder) {
    const upstream = await listen();
    const server = await startOwnPostgres();
    try {
      const onSqlite = await measure('SQLite', { settings, folder, upstream });
      const onPostgres = await measure('PostgreSQL', { settings, folder, upstream, databaseUrl: server.url });
      return {
        rows: [...onSqlite.rows, ...onPostgres.rows],
        ratios: [...onSqlite.ratios, ...onPostgres.ratios],
        losses: [...onSqlite.losses, ...onPostgres.losses],
      };
    } finally {
      upstream.closeAllConnections();
      upstream.close();
      await server.stop();
    }
  },
};

interface Place {
  readonly settings: Settings;
  readonly folder: string;
  readonly upstream: Server;
  readonly databaseUrl?: string;
}

/** A gate with much to settle, paused but for its own rounds. */
interface Gate {
  readonly service: ServiceProcess;
  readonly probeFile: string;
  readonly ingestionId: string;
  readonly acceptances: LoadResult[];
  readonly reads: LoadResult[];
  readonly stallsMs: number[];
  nextId: number;
}

async function measure(store: string, place: Place): Promise<CaseResult> {
  const gates: Partial<Record<Size, Gate>> = {};
  try {
    for (const size of SIZES) {
      gates[size] = await startGate(store, size, place);
    }
    const { small, large } = gates;
    if (small === undefined || large === undefined) {
      throw new Error('a gate is missing');
    }
    for (let round = 0; round <= place.settings.rounds; round++) {
      for (const gate of round % 2 === 0 ? [small, large] : [large, small]) {
        await playRound(gate, round === 0, place.settings);
      }
    }
    return toResult(store, small, large);
  } finally {
    await Promise.all(Object.values(gates).map(({ service }) => service.kill()));
  }
}

async function startGate(store: string, size: Size, place: Place): Promise<Gate> {
  const { folder, upstream, databaseUrl } = place;
  const name = `large-answers-${store}-${size}`;
  const probeFile = join(folder, `${name}.probe`);
  const port = String((upstream.address() as AddressInfo).port);
  const service = await startSluice(join(folder, name), {
    BATCH_DELAY,
    EXTERNAL_API_URL: `http://127.0.0.1:${port}/${size}`,
    NODE_OPTIONS: `--import=${LOOP_PROBE}`,
    LOOP_PROBE_FILE: probeFile,
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl, DATABASE_SCHEMA: `large_answers_${size}` }),
  });
  await fetch(`${service.url}/queue/pause`, { method: 'POST' });
  const ids = Array.from({ length: WAITING_IDS }, (_, i) => i + 1);
  const response = await fetch(`${service.url}/ingest`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ids, priority: 'HIGH' }),
  });
  const { ingestion_id: ingestionId } = (await response.json()) as { ingestion_id: string };
  return {
    service,
    probeFile,
    ingestionId,
    acceptances: [],
    reads: [],
    stallsMs: [],
    nextId: FIRST_ID,
  };
}

/** Reads are of a list of five that nothing has happened to. */
async function playRound(gate: Gate, isWarmUp: boolean, settings: Settings): Promise<void> {
  const { service, probeFile } = gate;
  const { url, pid } = service;
  const seconds = isWarmUp ? settings.warmUpSeconds : settings.roundSeconds;
  const load = (kind: LoadKind): Promise<LoadResult> =>
    runLoad({ url, pid, seconds, connections: CONNECTIONS, kind });
  await fetch(`${url}/queue/resume`, { method: 'POST' });
  await probe(service, probeFile);
  const accepted = await load({ name: 'ingest', idsPerRequest: 5, firstId: gate.nextId });
  const read = await load({ name: 'status', ingestionIds: [`${gate.ingestionId}?batches=none`] });
  const { longestStallMs } = await probe(service, probeFile);
  await fetch(`${url}/queue/pause`, { method: 'POST' });
  gate.nextId = accepted.nextId;
  if (!isWarmUp) {
    gate.acceptances.push(accepted);
    gate.reads.push(read);
    gate.stallsMs.push(longestStallMs);
  }
}

function toResult(store: string, small: Gate, large: Gate): CaseResult {
  const row = (what: string, unit: string, series: Series): Row => ({
    what: `${store}: ${what}`,
    unit,
    series,
  });
  const p99 = (results: readonly LoadResult[]): Series => seriesOf(results.map(({ p99Ms }) => p99Ms));
  const rate = (results: readonly LoadResult[]): Series =>
    seriesOf(results.map(({ perSecond }) => perSecond));
  const ratio = (what: string, large: Series, small: Series): Ratio => ({
    what: `${store}: ${what}, 1 MB to 10 bytes`,
    // Medians: the rounds of the two are not beside each other.
    series: seriesOf([large.median / small.median]),
  });
  return {
    rows: [
      { size: '10 bytes', gate: small },
      { size: '1 MB', gate: large },
    ].flatMap(({ size, gate }) => [
      row(`acceptances, ${size}`, '/s', rate(gate.acceptances)),
      row(`acceptances p99, ${size}`, 'ms', p99(gate.acceptances)),
      row(`status heads, ${size}`, '/s', rate(gate.reads)),
      row(`status heads p99, ${size}`, 'ms', p99(gate.reads)),
      row(`longest stall, ${size}`, 'ms', seriesOf(gate.stallsMs)),
    ]),
    ratios: [
      ratio('acceptances a second', rate(large.acceptances), rate(small.acceptances)),
      ratio('acceptances p99', p99(large.acceptances), p99(small.acceptances)),
      ratio('status heads a second', rate(large.reads), rate(small.reads)),
      ratio('status heads p99', p99(large.reads), p99(small.reads)),
      {
        what: `${store}: longest stall with answers of 1 MB, ms`,
        series: seriesOf(large.stallsMs),
        target: { kind: 'at_most', value: MOST_STALL_MS },
      },
    ],
    losses: [small, large].flatMap(({ acceptances, reads }) =>
      [...acceptances, ...reads].some(({ refused }) => refused > 0) ? [`${store} refused requests`] : [],
    ),
  };
}

/** Answers each id with a text as long as the path says. */
async function listen(): Promise<Server> {
  const data = { small: 'x'.repeat(BYTES.small - 2), large: 'x'.repeat(BYTES.large - 2) };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const size: Size = request.url === '/large' ? 'large' : 'small';
      const ids = /\[(.*)\]/.exec(body)?.[1]?.split(',') ?? [];
      const results = ids.map((id) => `{"id":${id},"data":"${data[size]}"}`).join(',');
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"results":[${results}]}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
