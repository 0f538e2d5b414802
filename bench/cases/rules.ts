import { join } from 'node:path';
import type { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import type { LaneRules } from '../../src/scheduler/rules/lane-rules.js';
import type { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import { addIngestions, openPostgresStore, openStore, type BenchStore } from '../backlog.ts';
import { addDepartures, addPostgresDepartures } from '../departure-history.ts';
import { loadLaneRules, loadParseLimits, loadPriorityQueue, loadRuntime } from '../in-process.ts';
import { startOwnPostgres } from '../../test/support/postgres.ts';
import { ratioOf, seriesOf, type Series } from '../statistics.ts';
import type { BenchCase, CaseResult, Ratio, Target } from './bench-case.ts';

const POLICY = { leaseMs: 30_000, agingMs: null, fairShare: false };
const BATCH_SIZE = 3;
const IDS_EACH = 5;
const INGESTIONS = 1000;
const CLAIMS_PER_ROUND = 150;
/** A delay that is over before the next claim: the lane pays for its slot and never waits. */
const DELAY_MS = 0.01;

/** Limits that count and never hold. */
const LIMITS = [
  { calls: 1e9, per: 10 },
  { ids: 1e9, per: 3600 },
  { in_flight: 1e6 },
  { calls: 1e9, per: 86400 },
  { ids: 1e9, per: 'day', time_zone: 'Europe/Berlin' },
];

interface Contestant {
  readonly name: string;
  /** Number of limits; none for a lane with BATCH_DELAY. */
  readonly limits: number;
  readonly departures: number;
}

const DELAY: Contestant = { name: 'BATCH_DELAY', limits: 0, departures: 0 };
const CONTESTANTS: readonly Contestant[] = [
  DELAY,
  { name: '1 limit, 10,000 departures', limits: 1, departures: 10_000 },
  { name: '3 limits, 10,000 departures', limits: 3, departures: 10_000 },
  { name: '5 limits, 10,000 departures', limits: 5, departures: 10_000 },
  { name: '5 limits, 100,000 departures', limits: 5, departures: 100_000 },
  { name: '5 limits, 1,000,000 departures', limits: 5, departures: 1_000_000 },
];
const MOST_COST = 1.2;

/** The mean cost of a claim, in ms. */
interface Cost {
  readonly elapsed: number;
  /** Processor time of the process. Other programs on the machine hardly change it. */
  readonly processor: number;
}

/** Measures the time of a claim with limits, compared with a lane that has a delay only. */
export const rules: BenchCase = {
  name: 'rules',
  title: `Claims with limits, dispatches of ${String(BATCH_SIZE)} ids, SQLite, in process`,

  run(settings, folder) {
    return measure(CONTESTANTS, settings.claimRounds, (i) => {
      const dataDir = join(folder, `rules-${String(i)}`);
      return { open: () => openStore(dataDir), addDepartures: (count) => addDepartures(dataDir, count) };
    });
  },
};

/** Measures the same as {@link rules}, on PostgreSQL on this machine. The processor time is that of this process. */
export const postgresRules: BenchCase = {
  name: 'postgresql-rules',
  title: `PostgreSQL: claims with limits, dispatches of ${String(BATCH_SIZE)} ids, in process`,

  async run(settings) {
    const server = await startOwnPostgres();
    try {
      return await measure(CONTESTANTS.slice(0, 4), settings.claimRounds, (i) => {
        const schema = `bench_rules_${String(i)}`;
        return {
          open: () => openPostgresStore(server.url, schema),
          addDepartures: (count) => addPostgresDepartures(server.url, schema, count),
        };
      });
    } finally {
      await server.stop();
    }
  },
};

/** Measures lanes in turn, each in a store of its own. */
async function measure(
  contestants: readonly Contestant[],
  claimRounds: number,
  toPlace: (i: number) => LanePlace,
): Promise<CaseResult> {
  const lanes: LimitedLane[] = [];
  try {
    for (const [i, contestant] of contestants.entries()) {
      lanes.push(await LimitedLane.fill(toPlace(i), contestant));
    }
    const rounds = lanes.map((): Cost[] => []);
    for (let round = 0; round <= claimRounds; round++) {
      const order = lanes.map((_, i) => i);
      for (const i of round % 2 === 0 ? order : order.reverse()) {
        const cost = await lanes[i]?.runRound();
        if (round > 0 && cost !== undefined) {
          rounds[i]?.push(cost); // round 0 was the warm-up
        }
      }
    }
    const elapsed = toResult(
      'a claim',
      { kind: 'at_most', value: MOST_COST },
      rounds.map((costs) => seriesOf(costs.map((cost) => cost.elapsed))),
    );
    const processor = toResult(
      'processor time',
      null,
      rounds.map((costs) => seriesOf(costs.map((cost) => cost.processor))),
    );
    return {
      rows: [...elapsed.rows, ...processor.rows],
      ratios: [...elapsed.ratios, ...processor.ratios],
      losses: [],
    };
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

/** The place of the store of one lane. */
interface LanePlace {
  readonly open: () => Promise<BenchStore>;
  readonly addDepartures: (departures: number) => Promise<void>;
}

/** A store with a lane, its backlog and its log of departures. */
class LimitedLane {
  private readonly store: BenchStore;
  private readonly queue: PriorityQueue;
  private readonly rules: LaneRules | null;

  private constructor(store: BenchStore, queue: PriorityQueue, laneRules: LaneRules | null) {
    this.store = store;
    this.queue = queue;
    this.rules = laneRules;
  }

  static async fill(place: LanePlace, { limits, departures }: Contestant): Promise<LimitedLane> {
    const laneRules = limits === 0 ? null : await toRules(LIMITS.slice(0, limits));
    const lane = await LimitedLane.open(place, laneRules);
    await addIngestions(lane.store, INGESTIONS, IDS_EACH);
    if (laneRules === null) {
      return lane;
    }
    await lane.claim();
    await lane.close();
    await place.addDepartures(departures);
    return LimitedLane.open(place, laneRules);
  }

  private static async open(place: LanePlace, laneRules: LaneRules | null): Promise<LimitedLane> {
    const [store, { PriorityQueue: Queue }, { SystemRuntime }] = await Promise.all([
      place.open(),
      loadPriorityQueue(),
      loadRuntime(),
    ]);
    const queue = new Queue(store.dispatches, POLICY as SchedulerOptions, new SystemRuntime());
    return new LimitedLane(store, queue, laneRules);
  }

  /** Claims and settles dispatches. */
  async runRound(): Promise<Cost> {
    let elapsed = 0;
    let processor = 0;
    for (let i = 0; i < CLAIMS_PER_ROUND; i++) {
      const cost = await this.claim();
      elapsed += cost.elapsed;
      processor += cost.processor;
    }
    await addIngestions(this.store, (CLAIMS_PER_ROUND * BATCH_SIZE) / IDS_EACH, IDS_EACH);
    return { elapsed: elapsed / CLAIMS_PER_ROUND, processor: processor / CLAIMS_PER_ROUND };
  }

  close(): Promise<void> {
    return this.store.close();
  }

  /** Claims a dispatch and settles it. Returns the cost of the claim. */
  private async claim(): Promise<Cost> {
    const batchDelayMs = this.rules === null ? DELAY_MS : 0;
    const options = { name: 'default', batchSize: BATCH_SIZE, batchDelayMs, rules: this.rules };
    const usageBefore = process.cpuUsage();
    const startedAtMs = performance.now();
    const claim = await this.queue.claim({ lane: { options } });
    const elapsed = performance.now() - startedAtMs;
    const { user, system } = process.cpuUsage(usageBefore);
    const dispatch = claim.kind === 'claimed' ? claim.dispatches[0] : undefined;
    if (dispatch === undefined) {
      throw new Error(`nothing was claimed: ${JSON.stringify(claim)}`);
    }
    const size = dispatch.parts.reduce((sum, part) => sum + part.size, 0);
    const outcomes = Array.from({ length: size }, () => ({ kind: 'completed' }) as const);
    await this.store.dispatches.settle([{ dispatch, outcomes }]);
    await this.queue.recordEnd(dispatch, 0);
    return { elapsed, processor: (user + system) / 1000 };
  }
}

async function toRules(limits: readonly object[]): Promise<LaneRules> {
  const [{ LaneRules: Rules }, { parseLimits }] = await Promise.all([loadLaneRules(), loadParseLimits()]);
  return new Rules({ limits: parseLimits(limits), batchSize: BATCH_SIZE, isPerId: false, timeoutMs: 30_000 });
}

function toResult(what: string, target: Target | null, claims: readonly Series[]): CaseResult {
  const nameOf = (i: number): string => CONTESTANTS[i]?.name ?? '';
  const [delay, , , shortest] = claims;
  const costs = claims.slice(1).flatMap((series, i): Ratio[] =>
    delay === undefined
      ? []
      : [
          {
            what: `${what}, ${nameOf(i + 1)} to ${DELAY.name}`,
            series: ratioOf(series, delay),
            ...(target !== null && { target }),
          },
        ],
  );
  const growth = claims
    .slice(4)
    .flatMap((series, i): Ratio[] =>
      shortest === undefined
        ? []
        : [{ what: `${what}, ${nameOf(i + 4)} to ${nameOf(3)}`, series: ratioOf(series, shortest) }],
    );
  return {
    rows: claims.map((series, i) => ({ what: `${nameOf(i)}: ${what}`, unit: 'ms', series })),
    ratios: [...costs, ...growth],
    losses: [],
  };
}
