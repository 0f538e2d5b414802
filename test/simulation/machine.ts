import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IngestionOptions } from '../../src/ingestion/ingestion.options.js';
import type { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import type { Dice } from './dice.js';
import { Disk, diskFullError } from './disk.js';
import type { Ledger } from './ledger.js';
import { StoreObserver } from './observed-store.js';
import { MachineClocks, ProcessRuntime } from './process-runtime.js';
import { ServiceProcess } from './service-process.js';
import type { SimulationSettings } from './settings.js';
import { SimulatedUpstream, type UpstreamOptions } from './simulated-upstream.js';
import { StoreRows } from './store-rows.js';
import type { World } from './world.js';

const MAX_DOWN_MS = 4000;
const MAX_JUMP_MS = 86_400_000;
const MEMORY = '/dev/shm';

/** One process, from its start to its end. */
export interface Life {
  readonly service: ServiceProcess;
  readonly runtime: ProcessRuntime;
  readonly disk: Disk;
  readonly rows: StoreRows;
  readonly observer: StoreObserver;
}

interface MachineParts {
  readonly world: World;
  readonly settings: SimulationSettings;
  readonly scheduler: SchedulerOptions;
  readonly ledger: Ledger;
  /** Is called when a process has started. */
  readonly onStart: (life: Life) => void;
}

/** The machine on which the service runs. It ends its process at any point, and starts the next one on what the disk holds. */
export class Machine {
  readonly counts = { kills: 0, powerFailures: 0, stops: 0, jumps: 0 };
  /** The process that runs; null while none does. */
  life: Life | null = null;
  isStopping = false;
  private readonly clocks = new MachineClocks();
  private folder = newFolder();
  /** The remains of the process that has just ended; null while none has ended. */
  private left: { readonly life: Life; readonly folder: string; readonly reboots: boolean } | null = null;

  constructor(private readonly parts: MachineParts) {
    parts.world.afterEvent = () => {
      this.bury();
    };
  }

  start(): void {
    const { world, ledger, scheduler, settings } = this.parts;
    const runtime = new ProcessRuntime(world, this.clocks);
    const disk = new Disk(this.folder, {
      beforeBegin: () => {
        this.failNow();
      },
      beforeCommit: () => {
        this.failNow();
        this.killNow('kill before a commit');
      },
      afterCommit: () => {
        this.killNow('kill after a commit');
      },
      flush: (done) => {
        runtime.setTimeout(done, 1 + this.dice.between('flush', 0, settings.faults.maxFlushMs));
      },
    });
    let rows: StoreRows | null = null;
    const observer = new StoreObserver({
      world,
      ledger,
      runtime,
      scheduler,
      rows: () => (rows ??= new StoreRows(disk.database())),
      portDelay: settings.faults.portDelay,
    });
    const service = new ServiceProcess({
      runtime,
      disk,
      scheduler,
      intake: new IngestionOptions(settings.configuration),
      wrap: (store) => observer.observe(store),
      upstreamOf: (lane) =>
        new SimulatedUpstream(world, runtime, ledger, this.upstreamOptions(lane), () => {
          this.killNow('kill after a departure');
        }),
    });
    this.life = { service, runtime, disk, observer, rows: (rows ??= new StoreRows(disk.database())) };
    this.isStopping = false;
    world.tell('starts');
    this.parts.onStart(this.life);
  }

  private upstreamOptions(lane: string): UpstreamOptions {
    const options = this.parts.scheduler.lanes.find(({ name }) => name === lane);
    const { timeoutMs = 0, rules } = options ?? {};
    return {
      lane,
      timeoutMs,
      isPerId: rules?.isPerId ?? false,
      badCalls: this.parts.settings.faults.badCalls,
    };
  }

  private failNow(): void {
    const { storeFails } = this.parts.settings.faults;
    if (this.life !== null && storeFails > 0 && this.dice.happens('store failure', storeFails)) {
      this.parts.ledger.storeFailures += 1;
      this.parts.world.tell('the store fails');
      throw diskFullError();
    }
  }

  private killNow(kind: string): void {
    const { killInWork } = this.parts.settings.faults;
    if (this.life !== null && killInWork > 0 && this.dice.happens(kind, killInWork)) {
      this.kill(kind);
    }
  }

  /** Ends the process at once. What its disk holds now is what the next one starts on. */
  kill(kind: string): void {
    const { life } = this;
    if (life === null) {
      return;
    }
    const reboots = this.dice.happens('power failure', this.parts.settings.faults.powerFailures);
    this.parts.world.tell(reboots ? `${kind}: power failure` : kind);
    this.counts[reboots ? 'powerFailures' : 'kills'] += 1;
    life.runtime.isAlive = false;
    const folder = newFolder();
    const share = Math.max(0, this.dice.between('left of the log', -1, 1.3));
    life.disk.copyTo(folder, reboots ? Math.min(1, share) : 1);
    this.life = null;
    this.left = { life, folder, reboots };
  }

  /** Clears up after a process that has ended, and starts the next one a while later. */
  private bury(): void {
    if (this.left === null) {
      return;
    }
    const { life, folder, reboots } = this.left;
    this.left = null;
    life.service.close();
    rmSync(life.disk.folder, { recursive: true, force: true });
    this.folder = folder;
    if (reboots) {
      this.clocks.bootedAtMs = this.parts.world.nowMs;
    }
    this.startLater();
  }

  private startLater(): void {
    this.parts.ledger.forgetHeld();
    this.parts.ledger.endCalls((lane) => this.upstreamOptions(lane).timeoutMs);
    this.parts.world.after(this.dice.between('down', 5, MAX_DOWN_MS), () => {
      this.start();
    });
  }

  /** Stops the process as an operator does. */
  async stop(): Promise<void> {
    const { life } = this;
    if (life === null) {
      return;
    }
    this.parts.world.tell('stop');
    this.isStopping = true;
    await life.service.stop();
    if (this.life === life && life.runtime.isAlive) {
      this.counts.stops += 1;
      this.life = null;
      life.runtime.isAlive = false;
      life.service.close();
      this.parts.world.tell('stopped');
      this.startLater();
    }
  }

  jumpClock(): void {
    this.counts.jumps += 1;
    const jumpMs = this.dice.between('jump', -1, 1) ** 3 * MAX_JUMP_MS;
    this.clocks.wallOffsetMs += jumpMs;
    this.parts.world.tell(`the wall clock jumps by ${jumpMs.toFixed(0)} ms`);
  }

  /** Removes everything. */
  end(): void {
    const { life } = this;
    this.life = null;
    if (life !== null) {
      life.runtime.isAlive = false;
      life.service.close();
      rmSync(life.disk.folder, { recursive: true, force: true });
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get dice(): Dice {
    return this.parts.world.dice;
  }
}

function newFolder(): string {
  return mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'sluice-simulation-'));
}
