import { Logger } from '@nestjs/common';
import { AuthOptions } from '../../src/platform/auth/auth.options.js';
import { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import { audit } from './audit.js';
import { Clients } from './clients.js';
import { Dice, type Incident } from './dice.js';
import { watchDisks } from './disk.js';
import { IdleWatch } from './idle-watch.js';
import { Ledger } from './ledger.js';
import { Machine } from './machine.js';
import { drawSettings, type SimulationSettings } from './settings.js';
import { World, type Violation } from './world.js';

const WATCH_MS = 1000;
const AUDIT_MS = 5000;
const CLEAN_MS = 20_000;
const KEEP_MS = 60_000;
const MAX_LOG_BYTES = 400_000;
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
  private readonly scheduler: SchedulerOptions;
  private readonly ledger: Ledger;
  private readonly machine: Machine;
  private readonly clients: Clients;
  private readonly idle: IdleWatch;
  private lastCallbacks = 0;

  constructor(
    private readonly seed: number,
    allowed: ReadonlySet<string> | null = null,
  ) {
    this.dice = new Dice(seed, allowed);
    this.world = new World(this.dice);
    this.settings = drawSettings(this.dice);
    const { configuration, faults } = this.settings;
    this.scheduler = new SchedulerOptions(configuration, new AuthOptions(configuration));
    this.ledger = new Ledger(this.world, this.scheduler.lanes);
    this.idle = new IdleWatch(this.world, this.ledger);
    this.world.stalls = { probability: faults.stall, maxMs: faults.maxStallMs };
    this.machine = new Machine({
      world: this.world,
      settings: this.settings,
      scheduler: this.scheduler,
      ledger: this.ledger,
      onStart: () => {
        this.idle.reset();
        this.audit();
      },
    });
    const [first, ...others] = this.scheduler.laneNames;
    this.clients = new Clients({
      world: this.world,
      ledger: this.ledger,
      service: () => this.machine.life?.service ?? null,
      lanes: [first ?? 'default', ...others],
      maxListIds: this.settings.maxListIds,
    });
  }

  /** Lets the world go on for this virtual time, or until a promise is broken. */
  async run(forMs: number): Promise<SimulationResult> {
    const { faults, clientEveryMs } = this.settings;
    const { machine } = this;
    machine.start();
    this.every(clientEveryMs, 'client', () => {
      this.clients.act();
    });
    this.every(faults.killEveryMs, 'kill', () => {
      machine.kill('kill');
    });
    this.every(faults.stopEveryMs, 'stop', () => void machine.stop());
    this.every(faults.clockJumpEveryMs, 'clock jump', () => {
      machine.jumpClock();
    });
    this.regularly(WATCH_MS, () => {
      this.watch();
    });
    this.regularly(AUDIT_MS, () => {
      this.audit();
    });
    this.regularly(CLEAN_MS, () => void this.clean());
    try {
      await this.world.run(forMs);
    } catch (error) {
      this.world.fail('no defect', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    machine.end();
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
        ...machine.counts,
        storeFailures: this.ledger.storeFailures,
        callbacks: this.world.callbacks,
      },
      settings: this.settings.describe,
    };
  }

  private watch(): void {
    const { machine, world } = this;
    const { life } = machine;
    if (life !== null && !machine.isStopping) {
      const { storeOffsetMs } = life.observer;
      const storeNowMs = storeOffsetMs === null ? null : storeOffsetMs + life.runtime.monotonicMs();
      this.idle.look({ service: life.service, rows: life.rows, storeNowMs });
      if (life.disk.logBytes() > MAX_LOG_BYTES) {
        life.disk.checkpoint();
      }
    }
    const callbacks = world.callbacks - this.lastCallbacks;
    this.lastCallbacks = world.callbacks;
    if (callbacks > MAX_CALLBACKS_PER_S) {
      world.fail('cost follows the work', `${String(callbacks)} callbacks in a second`);
    }
  }

  private audit(): void {
    const { life } = this.machine;
    if (life !== null) {
      audit(this.world, this.ledger, life.rows);
    }
  }

  /** Removes old lists, as the retention does. */
  private async clean(): Promise<void> {
    const { life } = this.machine;
    if (life === null) {
      return;
    }
    this.audit();
    const finished = new Set(life.rows.lists().flatMap((row) => (row.isFinished ? [row.ingestionId] : [])));
    for (const list of this.ledger.lists) {
      list.mayBeGone ||= list.ingestionId !== null && finished.has(list.ingestionId);
    }
    try {
      while (await life.service.store.maintenance.deleteExpired(KEEP_MS)) {
        // The loop ends when nothing is left to remove.
      }
    } catch (error) {
      this.world.tell(`nothing removed: ${String(error)}`);
    }
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

  private regularly(intervalMs: number, act: () => void): void {
    this.world.after(intervalMs, () => {
      act();
      this.regularly(intervalMs, act);
    });
  }
}
