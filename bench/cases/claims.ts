import { join } from 'node:path';
import { startOwnPostgres } from '../../test/support/postgres.ts';
import {
  addIngestions,
  BACKLOGS,
  openPostgresStore,
  openStore,
  type Backlog,
  type BenchStore,
} from '../backlog.ts';
import type { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import type { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import { loadRuntime, loadPriorityQueue } from '../in-process.ts';
import type { Settings } from '../settings.ts';
import { ratioOf, seriesOf, type Series } from '../statistics.ts';
import type { BenchCase, Ratio, Row } from './bench-case.ts';

const POLICY = { leaseMs: 30_000, agingMs: null, fairShare: false };
const BATCH_SIZE = 3;
const CLAIMS_PER_ROUND = 200;

interface Round {
  readonly claimsPerSecond: number;
  readonly settlesPerSecond: number;
}

interface Measured {
  readonly name: string;
  readonly claims: Series;
  readonly settles: Series;
}

/** Measures claims and settlements a second on the store itself, limit off, for several backlogs. */
export const claims: BenchCase = {
  name: 'claims',
  title: `Claims and settlements: dispatches of ${String(BATCH_SIZE)} ids, limit off, in process`,

  run(settings, folder) {
    const open = (i: number): Promise<BenchStore> => openStore(join(folder, `claims-${String(i)}`));
    return measure(BACKLOGS, open, settings, 1.2);
  },
};

/** Measures the same as {@link claims}, on PostgreSQL on this machine. */
export const postgresClaims: BenchCase = {
  name: 'postgresql-claims',
  title: `PostgreSQL: claims and settlements, dispatches of ${String(BATCH_SIZE)} ids, limit off, in process`,

  async run(settings) {
    const server = await startOwnPostgres();
    try {
      const open = (i: number): Promise<BenchStore> => openPostgresStore(server.url, `bench_${String(i)}`);
      return await measure(settings.quick ? BACKLOGS : POSTGRES_BACKLOGS, open, settings, 1.3);
    } finally {
      await server.stop();
    }
  },
};

const LARGE_BATCHES = [
  { batchSize: 3, claimsPerRound: 200 },
  { batchSize: 100, claimsPerRound: 100 },
  { batchSize: 10_000, claimsPerRound: 5 },
] as const;

/** Measures claims and settlements by batch size, from one long list. */
export const batchSizes: BenchCase = {
  name: 'batch-sizes',
  title: 'Claims and settlements by batch size, limit off, in process',

  async run(settings, folder) {
    const rows: Row[] = [];
    for (const { batchSize, claimsPerRound } of LARGE_BATCHES) {
      const ids = batchSize * claimsPerRound * (settings.claimRounds + 1);
      const store = await openStore(join(folder, `batch-size-${String(batchSize)}`));
      const queue = await Queue.fill(store, {
        name: `${String(batchSize)} ids a dispatch`,
        ingestions: 1,
        idsEach: ids,
      });
      try {
        const rounds: Round[] = [];
        for (let round = 0; round <= settings.claimRounds; round++) {
          rounds.push(await queue.runRound(batchSize, claimsPerRound));
        }
        rows.push(...rowsOf(toMeasured(queue.name, rounds.slice(1))));
      } finally {
        await queue.close();
      }
    }
    return { rows, ratios: [], losses: [] };
  },
};

const POSTGRES_BACKLOGS: readonly Backlog[] = [
  { name: '1,000 ingestions of 5 ids', ingestions: 1_000, idsEach: 5 },
  { name: '1,000,000 ingestions of 5 ids', ingestions: 1_000_000, idsEach: 5 },
];

/** Measures the backlogs in turn, round by round. */
async function measure(
  backlogs: readonly Backlog[],
  open: (i: number) => Promise<BenchStore>,
  settings: Settings,
  atMost: number,
): Promise<Awaited<ReturnType<BenchCase['run']>>> {
  const queues: Queue[] = [];
  try {
    for (const [i, backlog] of backlogs.entries()) {
      queues.push(await Queue.fill(await open(i), backlog));
    }
    const rounds = queues.map((): Round[] => []);
    for (let round = 0; round <= settings.claimRounds; round++) {
      for (const [i, queue] of queues.entries()) {
        const result = await queue.runRound();
        if (round > 0) {
          rounds[i]?.push(result); // round 0 was the warm-up
        }
      }
    }
    return toResult(
      queues.map(({ name }, i) => toMeasured(name, rounds[i] ?? [])),
      atMost,
    );
  } finally {
    await Promise.all(queues.map((queue) => queue.close()));
  }
}

/** A store with its backlog. */
class Queue {
  readonly name: string;
  private readonly store: BenchStore;
  private readonly queue: PriorityQueue;
  private readonly backlog: Backlog;

  private constructor(store: BenchStore, queue: PriorityQueue, backlog: Backlog) {
    this.name = backlog.name;
    this.store = store;
    this.queue = queue;
    this.backlog = backlog;
  }

  static async fill(store: BenchStore, backlog: Backlog): Promise<Queue> {
    await addIngestions(store, backlog.ingestions, backlog.idsEach);
    const [{ PriorityQueue: Queueing }, { SystemRuntime }] = await Promise.all([
      loadPriorityQueue(),
      loadRuntime(),
    ]);
    const queue = new Queueing(store.dispatches, POLICY as SchedulerOptions, new SystemRuntime());
    return new Queue(store, queue, backlog);
  }

  /** Claims and settles `claimsPerRound` dispatches. */
  async runRound(batchSize = BATCH_SIZE, claimsPerRound = CLAIMS_PER_ROUND): Promise<Round> {
    let claimMs = 0;
    let settleMs = 0;
    let ids = 0;
    for (let i = 0; i < claimsPerRound; i++) {
      const startedAtMs = performance.now();
      const claim = await this.queue.claim({
        lane: { options: { name: 'default', batchSize, batchDelayMs: 0 } },
      });
      claimMs += performance.now() - startedAtMs;
      const dispatch = claim.kind === 'claimed' ? claim.dispatches[0] : undefined;
      if (dispatch === undefined) {
        throw new Error(`the backlog ran dry: ${claim.kind}`);
      }
      const { parts } = dispatch;
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const outcomes = Array.from({ length: size }, () => ({ kind: 'completed' }) as const);
      const claimedAtMs = performance.now();
      await this.store.dispatches.settle([{ dispatch, outcomes }]);
      settleMs += performance.now() - claimedAtMs;
      ids += size;
    }
    if (this.backlog.ingestions > 1) {
      await addIngestions(this.store, Math.round(ids / this.backlog.idsEach), this.backlog.idsEach);
    }
    return {
      claimsPerSecond: (claimsPerRound / claimMs) * 1000,
      settlesPerSecond: (claimsPerRound / settleMs) * 1000,
    };
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

function toMeasured(name: string, rounds: readonly Round[]): Measured {
  return {
    name,
    claims: seriesOf(rounds.map((round) => round.claimsPerSecond)),
    settles: seriesOf(rounds.map((round) => round.settlesPerSecond)),
  };
}

function rowsOf({ name, claims: claimed, settles }: Measured): Row[] {
  return [
    { what: `${name}: claims`, unit: '/s', series: claimed },
    { what: `${name}: settlements`, unit: '/s', series: settles },
  ];
}

function toResult(measured: readonly Measured[], atMost: number): Awaited<ReturnType<BenchCase['run']>> {
  const [smallest, ...others] = measured;
  return {
    rows: measured.flatMap(rowsOf),
    ratios:
      smallest === undefined
        ? []
        : others.flatMap((other): Ratio[] => [
            {
              what: `claims, ${smallest.name} to ${other.name}`,
              series: ratioOf(smallest.claims, other.claims),
              target: { kind: 'at_most', value: atMost },
            },
            {
              what: `settlements, ${smallest.name} to ${other.name}`,
              series: ratioOf(smallest.settles, other.settles),
              target: { kind: 'at_most', value: atMost },
            },
          ]),
    losses: [],
  };
}
