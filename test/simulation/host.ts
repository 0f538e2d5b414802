import { IngestionOptions } from '../../src/ingestion/ingestion.options.js';
import type { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import type { StoragePorts } from '../../src/storage/ports.js';
import type { Dice } from './dice.js';
import type { Ledger } from './ledger.js';
import { StoreObserver } from './observed-store.js';
import { MachineClocks, type ProcessRuntime } from './process-runtime.js';
import { ServiceProcess } from './service-process.js';
import type { SimulationSettings } from './settings.js';
import { SimulatedUpstream, type UpstreamOptions } from './simulated-upstream.js';
import type { StoreRows } from './store-rows.js';
import type { World } from './world.js';

const MAX_DOWN_MS = 4000;
const MAX_JUMP_MS = 86_400_000;

/** One process, from its start to its end. */
export interface Life {
  readonly service: ServiceProcess;
  readonly runtime: ProcessRuntime;
}

export interface HostParts {
  readonly world: World;
  readonly settings: SimulationSettings;
  readonly scheduler: SchedulerOptions;
  readonly ledger: Ledger;
  /** Is called when a process has started. */
  readonly onStart: () => void;
}

/** A machine on which one process of the service runs. The process ends at any point, and the next one starts a while later. */
export abstract class Host<L extends Life = Life> {
  readonly counts = { kills: 0, powerFailures: 0, stops: 0, suspensions: 0, jumps: 0 };
  /** The process that runs; null while none does. */
  life: L | null = null;
  isStopping = false;
  protected readonly clocks = new MachineClocks();

  constructor(protected readonly parts: HostParts) {}

  abstract start(): void;

  /** Ends the process at once. */
  abstract kill(kind: string): void;

  /** Closes what a process that has stopped has open. */
  protected abstract close(life: L): Promise<void>;

  /** Ends the process that runs at once, and returns it; null while none runs. */
  protected endLife(): L | null {
    const { life } = this;
    this.life = null;
    if (life !== null) {
      life.runtime.isAlive = false;
    }
    return life;
  }

  /** Stops the process as an operator does. */
  async stop(): Promise<void> {
    const { life } = this;
    if (life === null || this.isStopping || life.runtime.isSuspended) {
      return;
    }
    this.parts.world.tell('stop');
    this.isStopping = true;
    await life.service.stop();
    if (this.life === life && life.runtime.isAlive) {
      this.counts.stops += 1;
      this.life = null;
      await this.close(life);
      life.runtime.isAlive = false;
      this.parts.world.tell('stopped');
      this.startLater(life);
    }
  }

  jumpClock(): void {
    this.counts.jumps += 1;
    const jumpMs = this.dice.between('jump', -1, 1) ** 3 * MAX_JUMP_MS;
    this.clocks.wallOffsetMs += jumpMs;
    this.parts.world.tell(`the wall clock jumps by ${jumpMs.toFixed(0)} ms`);
  }

  protected get dice(): Dice {
    return this.parts.world.dice;
  }

  /** Puts a process together on its open store. `rows` is null where the order of a claim cannot be checked. */
  protected newService(
    runtime: ProcessRuntime,
    store: StoragePorts,
    rows: (() => StoreRows) | null,
  ): { readonly service: ServiceProcess; readonly observer: StoreObserver } {
    const { world, ledger, scheduler, settings } = this.parts;
    const { portDelay } = settings.faults;
    const observer = new StoreObserver({ world, ledger, runtime, scheduler, rows, portDelay });
    const service = new ServiceProcess({
      runtime,
      scheduler,
      intake: new IngestionOptions(settings.configuration),
      store: observer.observe(store),
      upstreamOf: (lane) =>
        new SimulatedUpstream(world, runtime, ledger, this.upstreamOptions(lane), {
          departure: () => {
            this.afterDeparture();
          },
          longCall: () => {
            this.stopInLongCall();
          },
        }),
    });
    return { service, observer };
  }

  /** A request has left: the process may end here. */
  protected afterDeparture(): void {
    this.killNow('kill after a departure');
  }

  protected killNow(kind: string): void {
    const { killInWork } = this.parts.settings.faults;
    if (this.life !== null && killInWork > 0 && this.dice.happens(kind, killInWork)) {
      this.kill(kind);
    }
  }

  /** Stops the process while a call is under way that may outlast its lease. */
  private stopInLongCall(): void {
    const { world, settings } = this.parts;
    const { stopInLongCall } = settings.faults;
    if (stopInLongCall > 0 && this.dice.happens('stop in a long call', stopInLongCall)) {
      this.stop().catch((error: unknown) => {
        world.fail('no defect', `a process does not stop: ${String(error)}`);
      });
    }
  }

  /** Starts the next process a while after the end of this one. */
  protected startLater({ runtime }: Life): void {
    const { world, ledger } = this.parts;
    ledger.forgetHeld(runtime);
    ledger.endCalls(runtime, (lane) => this.upstreamOptions(lane).timeoutMs);
    world.after(this.dice.between('down', 5, MAX_DOWN_MS), () => {
      this.start();
    });
  }

  protected upstreamOptions(lane: string): UpstreamOptions {
    const options = this.parts.scheduler.lanes.find(({ name }) => name === lane);
    const { timeoutMs = 0, rules } = options ?? {};
    return {
      lane,
      timeoutMs,
      isPerId: rules?.isPerId ?? false,
      badCalls: this.parts.settings.faults.badCalls,
    };
  }
}
