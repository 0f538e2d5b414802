import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '../../src/storage/sqlite/store.js';
import { Disk, diskFullError } from './disk.js';
import { EmbeddedRows } from './embedded-rows.js';
import { Host, type HostParts, type Life } from './host.js';
import type { StoreObserver } from './observed-store.js';
import { ProcessRuntime } from './process-runtime.js';
import type { StoreRows } from './store-rows.js';

const MEMORY = '/dev/shm';

/** A process with an embedded store. */
interface EmbeddedLife extends Life {
  readonly store: SqliteStore;
  readonly disk: Disk;
  readonly rows: StoreRows;
  readonly observer: StoreObserver;
}

/** The machine of a service with an embedded store. The next process starts on what the disk holds. */
export class Machine extends Host<EmbeddedLife> {
  private folder = newFolder();
  /** The remains of the process that has just ended; null while none has ended. */
  private left: { readonly life: EmbeddedLife; readonly folder: string; readonly reboots: boolean } | null =
    null;

  constructor(parts: HostParts) {
    super(parts);
    parts.world.afterEvent = () => {
      this.bury();
    };
  }

  override start(): void {
    const { world, settings } = this.parts;
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
    const store = disk.open(() => SqliteStore.open(disk.folder, runtime));
    const rows = new EmbeddedRows(disk.database());
    const { service, observer } = this.newService(runtime, store, () => rows);
    this.life = { service, runtime, store, disk, observer, rows };
    this.isStopping = false;
    world.tell('starts');
    this.parts.onStart();
  }

  private failNow(): void {
    const { storeFails } = this.parts.settings.faults;
    if (this.life !== null && storeFails > 0 && this.dice.happens('store failure', storeFails)) {
      this.parts.ledger.storeFailures += 1;
      this.parts.world.tell('the store fails');
      throw diskFullError();
    }
  }

  /** What the disk holds now is what the next process starts on. */
  override kill(kind: string): void {
    const life = this.endLife();
    if (life === null) {
      return;
    }
    const reboots = this.dice.happens('power failure', this.parts.settings.faults.powerFailures);
    this.parts.world.tell(reboots ? `${kind}: power failure` : kind);
    this.counts[reboots ? 'powerFailures' : 'kills'] += 1;
    const folder = newFolder();
    const share = Math.max(0, this.dice.between('left of the log', -1, 1.3));
    life.disk.copyTo(folder, reboots ? Math.min(1, share) : 1);
    this.left = { life, folder, reboots };
  }

  /** Clears up after a process that has ended, and starts the next one a while later. */
  private bury(): void {
    if (this.left === null) {
      return;
    }
    const { life, folder, reboots } = this.left;
    this.left = null;
    void life.store.close();
    rmSync(life.disk.folder, { recursive: true, force: true });
    this.folder = folder;
    if (reboots) {
      this.clocks.bootedAtMs = this.parts.world.nowMs;
    }
    this.startLater(life);
  }

  protected override close({ store }: EmbeddedLife): Promise<void> {
    return store.close();
  }

  /** Removes the folder, also that of a process that runs. */
  remove(): void {
    const life = this.endLife();
    if (life !== null) {
      void life.store.close();
      rmSync(life.disk.folder, { recursive: true, force: true });
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function newFolder(): string {
  return mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'sluice-simulation-'));
}
