import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../crash/clock.ts';
import type { Evidence, Trouble } from '../crash/evidence.ts';
import type { Scene } from '../crash/gather.ts';
import { LimitChanges } from '../crash/limit-changes.ts';
import type { Random } from '../crash/random.ts';
import { drawLimits } from '../crash/rate-limits.ts';
import { ReplicaGroup, type Replica } from '../crash/replica-group.ts';
import type { Verdict } from '../crash/report.ts';
import type { Cluster } from './cluster.ts';
import type { PreparedFault } from './kinds/kind.ts';
import type { Rules } from './rules.ts';

const REPLICAS = 3;
const CLIENTS_EACH = 2;
/** `BATCH_DELAY` of the replicas. */
export const DELAY_MS = 60;
const MAX_ANSWER_MS = 40;
const MIN_QUIET_MS = 500;
const MAX_QUIET_MS = 1500;

/** One round: three replicas under load, while the fault is made. */
export class Round {
  readonly cluster: Cluster;
  readonly random: Random;
  readonly group: ReplicaGroup;
  readonly scene: Scene;
  /** The verdicts of the fault itself, beside those of every round. */
  readonly verdicts: Verdict[] = [];
  /** Figures of the fault, for people to read. */
  readonly notes: string[] = [];
  private readonly troubles: Trouble[] = [];
  private readonly changes = new LimitChanges();

  constructor(scene: Scene, cluster: Cluster, random: Random) {
    this.scene = scene;
    this.cluster = cluster;
    this.random = random;
    this.group = new ReplicaGroup(scene, random, DELAY_MS);
  }

  /** Starts the replicas, makes the fault, and brings everything to its end. */
  async play(rules: Rules, fault: PreparedFault): Promise<Evidence> {
    this.scene.recorder.setTempo(MAX_ANSWER_MS);
    const replicas = await this.group.start(REPLICAS, CLIENTS_EACH);
    if (rules === 'limits') {
      await this.changes.to(drawLimits(this.random), replicas);
    }
    await this.work();
    await fault.make(this, replicas);
    await this.work();
    await this.changes.to(null, replicas);
    await this.group.finishClients();
    return { ...(await this.group.finish(this.troubles)), limitedTimes: this.changes.times };
  }

  /** Makes a trouble of one replica, or of all with null; a call in this time may lose its outcome. */
  async trouble(replica: Replica | null, make: () => Promise<void>): Promise<void> {
    const [processNo, fromMs] = [replica?.service.number ?? null, nowMs()];
    await make();
    this.troubles.push({ processNo, fromMs, toMs: nowMs() });
  }

  /** Lets the replicas work for a moment. */
  async work(): Promise<void> {
    await sleep(this.random.between(MIN_QUIET_MS, MAX_QUIET_MS));
  }
}
