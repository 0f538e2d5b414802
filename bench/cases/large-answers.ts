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

const LARGE_BYTES = 1_048_576;
/** The data of each id in a response. */
const DATA = {
  '10 bytes': '"xxxxxxxx"',
  '1 MB of text': `"${'x'.repeat(LARGE_BYTES - 2)}"`,
  '1 MB of objects': listOfObjects(),
};
type Kind = keyof typeof DATA;
const SMALL: Kind = '10 bytes';
const LARGE: readonly Kind[] = ['1 MB of text', '1 MB of objects'];
const BATCH_DELAY = '0.2';
/** More pending ids than the measurement can send. */
const WAITING_IDS = 50_000;
const CONNECTIONS = 16;
const FIRST_ID = 1_000_000;
const MAX_STALL_MS = 50;

/** Measures acceptances and reads while the gate settles large responses, compared with small ones. */
export const largeAnswers: BenchCase = {
  name: 'large-answers',
  title: `Answers of 1 MB: 3 of them settled every ${BATCH_DELAY} s, beside 3 of ${SMALL}; ${String(CONNECTIONS)} connections`,

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

/** A gate with many pending ids, paused except during its own rounds. */
interface Gate {
  readonly kind: Kind;
  readonly service: ServiceProcess;
  readonly probeFile: string;
  readonly ingestionId: string;
  readonly acceptances: LoadResult[];
  readonly reads: LoadResult[];
  readonly stallsMs: number[];
  nextId: number;
}

async function measure(store: string, place: Place): Promise<CaseResult> {
  const gates: Gate[] = [];
  try {
    for (const kind of [SMALL, ...LARGE]) {
      gates.push(await startGate(store, kind, place));
    }
    for (let round = 0; round <= place.settings.rounds; round++) {
      for (const gate of round % 2 === 0 ? gates : gates.toReversed()) {
        await playRound(gate, round === 0, place.settings);
      }
    }
    return toResult(store, gates);
  } finally {
    await Promise.all(gates.map(({ service }) => service.kill()));
  }
}

async function startGate(store: string, kind: Kind, place: Place): Promise<Gate> {
  const { folder, upstream, databaseUrl } = place;
  const path = kind.replaceAll(' ', '_');
  const name = `large-answers-${store}-${path}`;
  const probeFile = join(folder, `${name}.probe`);
  const port = String((upstream.address() as AddressInfo).port);
  const service = await startSluice(join(folder, name), {
    BATCH_DELAY,
    EXTERNAL_API_URL: `http://127.0.0.1:${port}/${path}`,
    NODE_OPTIONS: `--import=${LOOP_PROBE}`,
    LOOP_PROBE_FILE: probeFile,
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl, DATABASE_SCHEMA: `large_answers_${path}` }),
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
    kind,
    service,
    probeFile,
    ingestionId,
    acceptances: [],
    reads: [],
    stallsMs: [],
    nextId: FIRST_ID,
  };
}

/** Runs one round on the resumed gate: acceptances, then status reads (no batches) of the long list. */
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

function toResult(store: string, gates: readonly Gate[]): CaseResult {
  const [small, ...large] = gates.map(summarize);
  if (small === undefined) {
    throw new Error('the gate with short answers is missing');
  }
  return {
    rows: [small, ...large].flatMap(({ kind, rates, stalls }) => {
      const row = (what: string, unit: string, series: Series): Row => ({
        what: `${store}: ${what}, ${kind}`,
        unit,
        series,
      });
      return [
        row('acceptances', '/s', rates.accepted),
        row('acceptances p99', 'ms', rates.acceptedP99),
        row('status heads', '/s', rates.read),
        row('status heads p99', 'ms', rates.readP99),
        row('longest stall', 'ms', stalls),
      ];
    }),
    ratios: large.flatMap(({ kind, rates, stalls }): Ratio[] => {
      const ratio = (what: string, of: keyof typeof rates): Ratio => ({
        what: `${store}: ${what}, ${kind} to ${SMALL}`,
        // The medians are compared because the rounds of the two gates are not paired.
        series: seriesOf([rates[of].median / small.rates[of].median]),
      });
      return [
        ratio('acceptances a second', 'accepted'),
        ratio('acceptances p99', 'acceptedP99'),
        ratio('status heads a second', 'read'),
        ratio('status heads p99', 'readP99'),
        {
          what: `${store}: longest stall with ${kind}, ms`,
          series: stalls,
          target: { kind: 'at_most', value: MAX_STALL_MS },
        },
      ];
    }),
    losses: gates.flatMap(({ kind, acceptances, reads }) =>
      [...acceptances, ...reads].some(({ refused }) => refused > 0)
        ? [`${store} refused requests beside ${kind}`]
        : [],
    ),
  };
}

interface Summary {
  readonly kind: Kind;
  readonly rates: Readonly<Record<'accepted' | 'acceptedP99' | 'read' | 'readP99', Series>>;
  readonly stalls: Series;
}

function summarize({ kind, acceptances, reads, stallsMs }: Gate): Summary {
  const p99 = (results: readonly LoadResult[]): Series => seriesOf(results.map(({ p99Ms }) => p99Ms));
  const rate = (results: readonly LoadResult[]): Series =>
    seriesOf(results.map(({ perSecond }) => perSecond));
  return {
    kind,
    rates: {
      accepted: rate(acceptances),
      acceptedP99: p99(acceptances),
      read: rate(reads),
      readP99: p99(reads),
    },
    stalls: seriesOf(stallsMs),
  };
}

/** Starts an upstream that answers each id with the data that the path names. */
async function listen(): Promise<Server> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const kind = (request.url ?? '').slice(1).replaceAll('_', ' ');
      const data = kind in DATA ? DATA[kind as Kind] : DATA[SMALL];
      const ids = /\[(.*)\]/.exec(body)?.[1]?.split(',') ?? [];
      const results = ids.map((id) => `{"id":${id},"data":${data}}`).join(',');
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"results":[${results}]}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Returns a JSON array of many short objects, as long as the text. */
function listOfObjects(): string {
  const objects: string[] = [];
  for (let n = 0, bytes = 0; bytes < LARGE_BYTES; n++) {
    const object = JSON.stringify({ n, name: `item ${String(n)}`, price: n * 1.5, tags: ['a', 'b'] });
    objects.push(object);
    bytes += object.length + 1;
  }
  return `[${objects.join(',')}]`;
}
