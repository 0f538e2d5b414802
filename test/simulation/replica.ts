import type { PostgresOptions } from '../../src/storage/postgres/database/postgres.options.js';
import { PostgresStore } from '../../src/storage/postgres/store.js';
import { Host, type HostParts, type Life } from './host.js';
import { ProcessRuntime } from './process-runtime.js';
import { cutConnections, followConnections } from './server-connections.js';

/** The longest suspension, as a part of a lease. */
const MAX_SUSPENDED_LEASES = 1.6;

/** A process with a store in PostgreSQL. */
interface ReplicaLife extends Life {
  readonly store: PostgresStore;
  /** The name of its connections. */
  readonly name: string;
}

interface ReplicaParts extends HostParts {
  readonly replicaNo: number;
  readonly optionsFor: (applicationName: string) => PostgresOptions;
  readonly serverNowMs: () => number;
}

/** The machine of one of several processes that share a store in PostgreSQL. Its clocks differ from those of the others. */
export class Replica extends Host<ReplicaLife> {
  private starts = 0;

  constructor(protected override readonly parts: ReplicaParts) {
    super(parts);
    this.clocks.bootedAtMs -= this.dice.between('boot', 0, 1_000_000);
  }

  override start(): void {
    this.open().catch((error: unknown) => {
      this.parts.world.fail(
        'no defect',
        `replica ${String(this.parts.replicaNo)} does not start: ${String(error)}`,
      );
    });
  }

  private async open(): Promise<void> {
    const { world, replicaNo, optionsFor, serverNowMs, onStart } = this.parts;
    const runtime = new ProcessRuntime(world, this.clocks);
    this.starts += 1;
    const name = `replica-${String(replicaNo)}-${String(this.starts)}-${String(process.pid)}-${String(world.dice.seed)}`;
    followConnections(name, {
      get isAlive() {
        return runtime.isAlive;
      },
      get isSuspended() {
        return runtime.isSuspended;
      },
      whenResumed: (callback) => {
        runtime.whenResumed(callback);
      },
      serverNowMs,
      onCommit: () => this.onCommit(),
    });
    const store = await PostgresStore.open(optionsFor(name), runtime);
    const { service } = this.newService(runtime, store, null);
    this.life = { service, runtime, store, name };
    this.isStopping = false;
    world.tell(`replica ${String(replicaNo)} starts`);
    onStart();
  }

  private onCommit(): 'before' | 'after' | null {
    const { world, ledger, settings } = this.parts;
    const { storeFails, killInWork } = settings.faults;
    const ending = this.dice.next('end of a connection') < 0.5 ? 'before' : 'after';
    if (this.life !== null && killInWork > 0 && this.dice.happens(`kill ${ending} a commit`, killInWork)) {
      this.kill(`kill ${ending} a commit`);
      return ending;
    }
    if (this.life !== null && storeFails > 0 && this.dice.happens('store failure', storeFails)) {
      ledger.storeFailures += 1;
      world.tell(`a connection ends ${ending} a commit`);
      return ending;
    }
    return null;
  }

  protected override afterDeparture(): void {
    super.afterDeparture();
    const { suspend } = this.parts.settings.faults;
    if (this.life !== null && suspend > 0 && this.dice.happens('suspend', suspend)) {
      this.suspend(this.life.runtime);
    }
  }

  /** Suspends the process, often for longer than its leases, while the others go on. */
  private suspend(runtime: ProcessRuntime): void {
    const { world, ledger, scheduler, replicaNo } = this.parts;
    const forMs = this.dice.between('suspension', 0.2, MAX_SUSPENDED_LEASES) * scheduler.leaseMs;
    this.counts.suspensions += 1;
    world.tell(`replica ${String(replicaNo)} is suspended for ${forMs.toFixed(0)} ms`);
    runtime.suspend(forMs);
    ledger.heldUpUntilMs = Math.max(ledger.heldUpUntilMs, world.nowMs + forMs + scheduler.leaseMs);
    ledger.endCalls(runtime, (lane) => this.upstreamOptions(lane).timeoutMs);
  }

  override kill(kind: string): void {
    const life = this.endLife();
    if (life !== null) {
      this.parts.world.tell(`replica ${String(this.parts.replicaNo)}: ${kind}`);
      this.counts.kills += 1;
      // What the process is about to send in this moment is still sent.
      queueMicrotask(() => {
        cutConnections(life.name);
      });
      this.startLater(life);
    }
  }

  protected override close({ store }: ReplicaLife): Promise<void> {
    return store.close();
  }

  /** Cuts the connections of a process that runs. */
  disconnect(): void {
    const life = this.endLife();
    if (life !== null) {
      cutConnections(life.name);
    }
  }
}
