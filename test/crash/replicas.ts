import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from './clock.ts';
import type { Evidence, Trouble } from './evidence.ts';
import type { Scene } from './gather.ts';
import { ReplicaGroup, type Replica } from './replica-group.ts';
import type { ServiceProcess } from './service-process.ts';
import { LimitChanges } from './limit-changes.ts';
import type { Rounds } from './options.ts';
import { PostgresUnderTest } from './postgres-under-test.ts';
import type { Random } from './random.ts';
import { drawLimits } from './rate-limits.ts';
import { LEASE_MS } from './store-under-test.ts';

const REPLICAS = 3;
const CLIENTS_EACH = 2;
const DELAY_MS = 60;
const MAX_ANSWER_MS = 40;
const MAX_QUIET_MS = 400;
/** The number of rounds in a cycle; those between the two numbers have limits. */
const LIMITS_CYCLE = 6;
const LIMITS_FROM = 1;
const LIMITS_TO = 4;

const TROUBLES = ['kill', 'kill', 'stop', 'stutter', 'stop longer than a lease', 'end connections'] as const;
/** The stops of a stutter: some of them fall between a claim and its call, which is late then. */
const STOPS = 15;
const NETWORK_TROUBLES = ['cut', 'delay', 'black hole', 'crash PostgreSQL'] as const;

export interface ReplicaRun {
  readonly evidence: Evidence;
  /** The troubles of the run with their counts, for people to read. */
  readonly told: string;
}

/** Runs three processes on one PostgreSQL under load, with one trouble after the other. */
export async function playReplicas(scene: Scene, random: Random, rounds: Rounds): Promise<ReplicaRun> {
  return new Replicas(scene, random, asPostgres(scene)).play(rounds);
}

class Replicas {
  private readonly scene: Scene;
  private readonly random: Random;
  private readonly store: PostgresUnderTest;
  private readonly group: ReplicaGroup;
  private readonly troubles: Trouble[] = [];
  private readonly changes = new LimitChanges();
  private readonly met = new Map<string, number>();

  constructor(scene: Scene, random: Random, store: PostgresUnderTest) {
    this.scene = scene;
    this.random = random;
    this.store = store;
    this.group = new ReplicaGroup(scene, random, DELAY_MS);
  }

  async play({ rounds, limitedEvery }: Rounds): Promise<ReplicaRun> {
    const { scene, random } = this;
    scene.recorder.setTempo(MAX_ANSWER_MS);
    const replicas = await this.group.start(REPLICAS, CLIENTS_EACH);
    for (let round = 0; round < rounds; round++) {
      await this.changeLimits(round, limitedEvery, replicas);
      await sleep(random.between(1, MAX_QUIET_MS));
      await this.trouble(random.pick(replicas));
    }
    await this.changes.to(null, replicas);
    await this.group.finishClients();
    return this.finish();
  }

  /** Limits hold for several rounds, because what left before them fills their windows. With `limitedEvery` 1 each round has others. */
  private async changeLimits(
    round: number,
    limitedEvery: number,
    replicas: readonly Replica[],
  ): Promise<void> {
    const inCycle = round % LIMITS_CYCLE;
    if (limitedEvery === 1 || inCycle === LIMITS_FROM) {
      await this.changes.to(drawLimits(this.random), replicas);
    } else if (inCycle === LIMITS_TO) {
      await this.changes.to(null, replicas);
    }
  }

  private async finish(): Promise<ReplicaRun> {
    const evidence = await this.group.finish(this.troubles);
    const told = [...this.met].map(([name, times]) => `${name} ${String(times)}`).join(', ');
    return { evidence: { ...evidence, limitedTimes: this.changes.times }, told };
  }

  private async trouble(replica: Replica): Promise<void> {
    const isOfAll = this.random.chance(0.4);
    const name = this.random.pick<string>(isOfAll ? NETWORK_TROUBLES : TROUBLES);
    this.met.set(name, (this.met.get(name) ?? 0) + 1);
    const [processNo, fromMs] = [
      isOfAll || name === 'end connections' ? null : replica.service.number,
      nowMs(),
    ];
    await this.make(name, replica);
    this.troubles.push({ processNo, fromMs, toMs: nowMs() });
  }

  private async make(name: string, replica: Replica): Promise<void> {
    const { random, store } = this;
    switch (name) {
      case 'kill':
        return this.group.replace(replica);
      case 'stop':
        return pause(replica.service, random.between(5, 500));
      case 'stutter':
        for (let stop = 0; stop < STOPS; stop++) {
          await pause(replica.service, random.between(30, 150));
          await sleep(random.between(5, 40));
        }
        return;
      case 'stop longer than a lease':
        return pause(replica.service, LEASE_MS * 1.3);
      case 'end connections':
        return store.endConnections();
      case 'cut':
        store.network.cut();
        return;
      case 'delay':
        store.network.delayBy(random.between(1, 30));
        await sleep(random.between(50, 500));
        store.network.delayBy(0);
        return;
      case 'black hole':
        store.network.swallowEverything(true);
        await sleep(random.between(50, 1500));
        store.network.swallowEverything(false);
        store.network.cut(); // the dropped bytes never arrive
        return;
      default:
        return store.crash();
    }
  }
}

async function pause(service: ServiceProcess, ms: number): Promise<void> {
  service.signal('SIGSTOP');
  await sleep(ms);
  service.signal('SIGCONT');
}

function asPostgres({ store }: Scene): PostgresUnderTest {
  if (!(store instanceof PostgresUnderTest)) {
    throw new Error('replicas share a PostgreSQL');
  }
  return store;
}
