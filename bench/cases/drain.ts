import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { NotInstalledError } from '../contestants/contestant.ts';
import type { DrainContestant } from '../drain/contestant.ts';
import { measureDrain, type Drained } from '../drain/measure-drain.ts';
import { bullmqWorker, graphileWorker, pgBossWorker } from '../drain/peers.ts';
import { sluice } from '../drain/sluice.ts';
import type { Settings } from '../settings.ts';
import { ratioOf, seriesOf, type Series } from '../statistics.ts';
import type { BenchCase, Ratio, Row } from './bench-case.ts';

/** Sluice and a peer, which run in turn. */
interface Pair {
  readonly sluice: DrainContestant;
  readonly peer: DrainContestant;
  /** The least ratio of their ids a second. */
  readonly atLeast?: number;
}

const LOCAL_QUEUE = 500;
const EVERYSEC_50 = bullmqWorker('everysec', 50);
const EVERYSEC_100 = bullmqWorker('everysec', 100);
const ALWAYS_50 = bullmqWorker('always', 50);
const ALWAYS_100 = bullmqWorker('always', 100);
const PG_BOSS_SINGLE = pgBossWorker(50, 1);
const PG_BOSS = pgBossWorker(100, 4);
const GRAPHILE = graphileWorker({ localQueue: 0 });
const GRAPHILE_LOCAL_QUEUE = graphileWorker({ localQueue: LOCAL_QUEUE });

/** Ids a dispatch, each with the factor by which the ratio to a peer must be higher than with one. */
const MORE_IDS = [{ ids: 3, factor: 3 }, { ids: 10 }, { ids: 100, factor: 30 }] as const satisfies readonly {
  ids: number;
  factor?: number;
}[];

const ON_SQLITE = sluice({ store: 'SQLite', idsPerDispatch: 1 });
const ON_POSTGRES = sluice({ store: 'PostgreSQL', idsPerDispatch: 1 });

const PAIRS: readonly Pair[] = [
  { sluice: ON_SQLITE, peer: EVERYSEC_50, atLeast: 1.3 },
  { sluice: ON_SQLITE, peer: EVERYSEC_100, atLeast: 1.3 },
  { sluice: ON_SQLITE, peer: ALWAYS_50, atLeast: 1.5 },
  { sluice: ON_SQLITE, peer: ALWAYS_100, atLeast: 1.5 },
  { sluice: sluice({ store: 'SQLite', idsPerDispatch: 1, logLevel: 'INFO' }), peer: EVERYSEC_50, atLeast: 1 },
  {
    sluice: sluice({ store: 'SQLite', idsPerDispatch: 1, isListPerId: true }),
    peer: EVERYSEC_50,
    atLeast: 1,
  },
  ...MORE_IDS.map(({ ids, ...more }) => pairOf('SQLite', ids, EVERYSEC_50, 1.3, more)),
  { sluice: ON_POSTGRES, peer: GRAPHILE, atLeast: 2.5 },
  { sluice: ON_POSTGRES, peer: GRAPHILE_LOCAL_QUEUE, atLeast: 0.3 },
  { sluice: ON_POSTGRES, peer: PG_BOSS_SINGLE, atLeast: 0.6 },
  { sluice: ON_POSTGRES, peer: PG_BOSS, atLeast: 0.6 },
  ...MORE_IDS.map(({ ids, ...more }) => pairOf('PostgreSQL', ids, PG_BOSS, 0.6, more)),
];

/** Processor time of an id with all that belongs to it, with one id a dispatch. */
const MAX_CPU_MICROS_PER_ID = new Map([
  [ON_SQLITE.name, 70],
  [ON_POSTGRES.name, 150],
]);

/** Measures how fast accepted ids are processed where nothing limits it, compared with job queues. */
export const drain: BenchCase = {
  name: 'drain',
  title: 'Drain: no limit, an upstream that costs nothing, each contestant with its server on one core',

  async run(settings, folder) {
    const rows: Row[] = [];
    const ratios: Ratio[] = [];
    const losses: string[] = [];
    const notes = [`${String(settings.drainIds)} ids, ${String(settings.pairs)} pairs`];
    for (const [i, pair] of PAIRS.entries()) {
      const no = `[${String(i + 1)}]`;
      try {
        const measured = await measurePair(pair, settings, mkdtempSync(join(folder, 'drain-')));
        console.log(`  measured: ${pair.sluice.name} and ${pair.peer.name}`);
        rows.push(
          ...rowsOf(`${no} ${pair.sluice.name}`, measured.sluice),
          ...rowsOf(`${no} ${pair.peer.name}`, measured.peer),
        );
        ratios.push(...ratiosOf(no, pair, measured.sluice, measured.peer));
        losses.push(...faultsOf(pair.sluice.name, measured.sluice));
        notes.push(...faultsOf(pair.peer.name, measured.peer));
      } catch (error) {
        if (!(error instanceof NotInstalledError)) {
          throw error;
        }
        notes.push(`left out: ${pair.sluice.name} beside ${pair.peer.name}: ${error.message}`);
      }
    }
    return { rows, ratios, losses, notes };
  },
};

function pairOf(
  store: 'SQLite' | 'PostgreSQL',
  idsPerDispatch: number,
  peer: DrainContestant,
  atLeastWithOne: number,
  { factor }: { readonly factor?: number },
): Pair {
  const contestant = sluice({ store, idsPerDispatch });
  return { sluice: contestant, peer, ...(factor !== undefined && { atLeast: factor * atLeastWithOne }) };
}

interface MeasuredPair {
  readonly sluice: readonly Drained[];
  readonly peer: readonly Drained[];
}

/** Runs both in turn, and reverses the order each time. */
async function measurePair(pair: Pair, { pairs, drainIds }: Settings, folder: string): Promise<MeasuredPair> {
  const peer = await pair.peer.open(join(folder, 'peer'));
  try {
    const gate = await pair.sluice.open(join(folder, 'sluice'));
    try {
      const measured = { sluice: [] as Drained[], peer: [] as Drained[] };
      for (let round = 0; round < pairs; round++) {
        if (round % 2 === 0) {
          measured.sluice.push(await measureDrain(gate, drainIds));
          measured.peer.push(await measureDrain(peer, drainIds));
        } else {
          measured.peer.push(await measureDrain(peer, drainIds));
          measured.sluice.push(await measureDrain(gate, drainIds));
        }
      }
      return measured;
    } finally {
      await gate.close();
    }
  } finally {
    await peer.close();
  }
}

function rowsOf(name: string, drained: readonly Drained[]): Row[] {
  const row = (what: string, unit: string, pick: (one: Drained) => number): Row => ({
    what: `${name}: ${what}`,
    unit,
    series: seriesOf(drained.map(pick)),
  });
  return [
    row('ids', '/s', ({ idsPerSecond }) => idsPerSecond),
    row('accepted and processed', '/s', ({ endToEndPerSecond }) => endToEndPerSecond),
    row('processor time an id', 'µs', ({ cpuMicrosPerId }) => cpuMicrosPerId),
    row('written an id', 'B', ({ bytesPerId }) => bytesPerId),
    row('a status meanwhile, p99', 'ms', ({ readP99Ms }) => readP99Ms),
    row('a status meanwhile, longest', 'ms', ({ readLongestMs }) => readLongestMs),
  ];
}

function ratiosOf(
  no: string,
  { sluice: gate, peer, atLeast }: Pair,
  own: readonly Drained[],
  its: readonly Drained[],
): Ratio[] {
  const series = (pick: (one: Drained) => number): Series =>
    ratioOf(seriesOf(own.map(pick)), seriesOf(its.map(pick)));
  const atMost = MAX_CPU_MICROS_PER_ID.get(gate.name);
  return [
    {
      what: `${no} ids a second, ${gate.name} to ${peer.name}`,
      series: series(({ idsPerSecond }) => idsPerSecond),
      ...(atLeast !== undefined && { target: { kind: 'at_least', value: atLeast } }),
    },
    {
      what: `${no} the same with the acceptance`,
      series: series(({ endToEndPerSecond }) => endToEndPerSecond),
    },
    ...(atMost === undefined
      ? []
      : [
          {
            what: `${no} processor time an id, ${gate.name}, µs`,
            series: seriesOf(own.map(({ cpuMicrosPerId }) => cpuMicrosPerId)),
            target: { kind: 'at_most', value: atMost } as const,
          },
        ]),
  ];
}

function faultsOf(name: string, drained: readonly Drained[]): string[] {
  return drained.flatMap(({ faults }) => faults.map((fault) => `${name} ${fault}`));
}
