import { Logger } from '@nestjs/common';
import { AuthOptions } from '../../src/platform/auth/auth.options.js';
import { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import { audit } from './audit.js';
import { Clients } from './clients.js';
import type { Deploy, Deployment } from './deployment.js';
import { Dice, type Incident } from './dice.js';
import { watchDisks } from './disk.js';
import { IdleWatch } from './idle-watch.js';
import { Ledger } from './ledger.js';
import type { ServiceProcess } from './service-process.js';
import { drawSettings, type SimulationSettings } from './settings.js';
import { World, type Violation } from './world.js';

const WATCH_MS = 1000;
const AUDIT_MS = 5000;
const CLEAN_MS = 20_000;
const KEEP_MS = 60_000;
/** More callbacks in a second without a cause are a busy loop. */
const MAX_CALLBACKS_PER_S = 60_000;

watchDisks();
Logger.overrideLogger(false);

export interface SimulationResult {
  readonly seed: number;
  readonly violation: Violation | null;
  /** The virtual time that has passed. */
  readonly simulatedMs: number;
  readonly incidents: readonly Incident[];
  readonly digest: string;
  readonly trace: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly settings: string;
}

/** One run: a world that follows from its seed, in which the service is used, disturbed, ended and started again. */
export class Simulation {
  private readonly dice: Dice;
  private readonly world: World;
  private readonly settings: SimulationSettings;
  private readonly ledger: Ledger;
  private readonly deployment: Deployment;
  private readonly clients: Clients;
  private readonly idle: IdleWatch;
  private lastCallbacks = 0;

  constructor(
    private readonly seed: number,
    deploy: Deploy,
    allowed: ReadonlySet<string> | null = null,
  ) {
    this.dice = new Dice(seed, allowed);
    this.world = new World(this.dice);
    this.settings = drawSettings(this.dice);
    const { configuration, faults } = this.settings;
    const scheduler = new SchedulerOptions(configuration, new AuthOptions(configuration));
    this.ledger = new Ledger(this.world, scheduler.lanes);
    this.world.stalls = { probability: faults.stall, maxMs: faults.maxStallMs };
    this.deployment = deploy({
      world: this.world,
      settings: this.settings,
      scheduler,
      ledger: this.ledger,
      onStart: () => {
        this.idle.reset();
        this.follow(this.audit());
      },
    });
    this.idle = new IdleWatch(this.world, this.ledger, this.deployment.orphanedForMs);
    const [first, ...others] = scheduler.laneNames;
    this.clients = new Clients({
      world: this.world,
      ledger: this.ledger,
      service: () => this.anyService(),
      lanes: [first ?? 'default', ...others],
      maxListIds: this.settings.maxListIds,
    });
  }

  /** Lets the world go on for this virtual time, or until a promise is broken. */
  async run(forMs: number): Promise<SimulationResult> {
    const { faults, clientEveryMs } = this.settings;
    const { hosts } = this.deployment;
    await this.deployment.open();
    this.every(clientEveryMs, 'client', () => {
      this.clients.act();
    });
    for (const host of hosts) {
      host.start();
      this.every(faults.killEveryMs, 'kill', () => {
        host.kill('kill');
      });
      this.every(faults.stopEveryMs, 'stop', () => {
        this.follow(host.stop());
      });
      this.every(faults.clockJumpEveryMs, 'clock jump', () => {
        host.jumpClock();
      });
    }
    this.regularly(WATCH_MS, () => this.watch());
    this.regularly(AUDIT_MS, () => this.audit());
    this.regularly(CLEAN_MS, () => this.clean());
    try {
      await this.world.run(forMs);
    } catch (error) {
      this.failWith(error);
    }
    await this.deployment.close();
    const { violation, nowMs, trace } = this.world;
    return {
      seed: this.seed,
      violation,
      simulatedMs: nowMs,
      incidents: this.dice.incidents,
      digest: this.world.digest(),
      trace: trace.slice(-200),
      counts: {
        ...this.ledger.counts,
        ...sumsOf(hosts.map(({ counts }) => counts)),
        storeFailures: this.ledger.storeFailures,
        callbacks: this.world.callbacks,
      },
      settings: this.settings.describe,
    };
  }

  /** The services that run and do not stop. */
  private services(): ServiceProcess[] {
    return this.deployment.hosts.flatMap(({ life, isStopping }) =>
      life === null || isStopping || life.runtime.isSuspended ? [] : [life.service],
    );
  }

  /** The service that a client reaches now; null if none listens. A service that stops still listens. */
  private anyService(): ServiceProcess | null {
    const lives = this.deployment.hosts.flatMap(({ life }) =>
      life === null || life.runtime.isSuspended ? [] : [life],
    );
    const chosen = lives.length > 1 ? this.dice.integer('balancer', 0, lives.length - 1) : 0;
    return lives[chosen]?.service ?? null;
  }

  private async watch(): Promise<void> {
    const { world, deployment } = this;
    const rows = await deployment.readRows();
    const services = this.services();
    if (rows !== null && services.length > 0) {
      this.idle.look({ services, rows, storeNowMs: deployment.storeNowMs() });
    }
    deployment.tidy();
    const callbacks = world.callbacks - this.lastCallbacks;
    this.lastCallbacks = world.callbacks;
    if (callbacks > MAX_CALLBACKS_PER_S * deployment.hosts.length) {
      world.fail('cost follows the work', `${String(callbacks)} callbacks in a second`);
    }
  }

  private async audit(): Promise<void> {
    const rows = await this.deployment.readRows();
    if (rows !== null) {
      audit(this.world, this.ledger, rows);
    }
  }

  /** Removes old lists, as the retention does. */
  private async clean(): Promise<void> {
    const [service] = this.services();
    const rows = await this.deployment.readRows();
    if (service === undefined || rows === null) {
      return;
    }
    const finished = new Set(rows.lists().flatMap((row) => (row.isFinished ? [row.ingestionId] : [])));
    for (const list of this.ledger.lists) {
      list.mayBeGone ||= list.ingestionId !== null && finished.has(list.ingestionId);
    }
    try {
      while (await service.store.maintenance.deleteExpired(KEEP_MS)) {
        // The loop ends when nothing is left to remove.
      }
    } catch (error) {
      this.world.tell(`nothing removed: ${String(error)}`);
    }
  }

  /** Lets the run fail if something that the simulation itself does fails. */
  private follow(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.failWith(error);
    });
  }

  private failWith(error: unknown): void {
    this.world.fail('no defect', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  /** Lets an incident happen again and again, with random times between. */
  private every(meanMs: number, kind: string, act: () => void): void {
    if (meanMs > 0) {
      this.world.after(-Math.log(1 - this.dice.next(`time of ${kind}`)) * meanMs, () => {
        if (this.dice.happens(kind, 1)) {
          act();
        }
        this.every(meanMs, kind, act);
      });
    }
  }

  private regularly(intervalMs: number, act: () => Promise<void>): void {
    this.world.after(intervalMs, () => {
      this.follow(act());
      this.regularly(intervalMs, act);
    });
  }
}

function sumsOf<Name extends string>(
  counts: readonly Readonly<Record<Name, number>>[],
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((each) => Object.entries<number>(each))) {
    sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}
