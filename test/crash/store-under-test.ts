import { mkdtempSync, readdirSync, rmSync, statSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The lease, long enough for a slow machine, short enough for a test. */
export const LEASE_MS = 4000;

/** The store of the service under test: one for all processes of a run. */
export abstract class StoreUnderTest {
  /** Returns the variables that lead a process to this store. `processNo` is the number of the process in the run. */
  abstract environment(processNo: number): Record<string, string>;

  /** Calls `listener` for each write, as soon after it as possible. Returns a function that stops that. */
  abstract watchWrites(listener: () => void): () => void;

  /** Returns the faults of the store after a run, once no service holds it. */
  abstract findFaults(): Promise<string[]>;

  /** Returns the bytes that the store takes on disk. */
  abstract usedBytes(): Promise<number>;

  abstract remove(): Promise<void>;
}

/** The embedded store in a fresh folder. */
export class EmbeddedStore extends StoreUnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-crash-'));

  constructor() {
    super();
    process.once('exit', () => {
      this.removeNow();
    });
  }

  override environment(): Record<string, string> {
    return { DATA_DIR: this.folder, DISPATCH_LEASE: String(LEASE_MS / 1000) };
  }

  override watchWrites(listener: () => void): () => void {
    const watcher = watch(this.folder, listener);
    return () => {
      watcher.close();
    };
  }

  override async findFaults(): Promise<string[]> {
    const database = new DatabaseSync(join(this.folder, 'sluice.sqlite'), { readOnly: true });
    try {
      return database
        .prepare('PRAGMA integrity_check')
        .all()
        .map((row) => String(row['integrity_check']))
        .filter((line) => line !== 'ok');
    } finally {
      database.close();
    }
  }

  override async usedBytes(): Promise<number> {
    return readdirSync(this.folder).reduce(
      (total, name) => total + (statSync(join(this.folder, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }

  override async remove(): Promise<void> {
    this.removeNow();
  }

  private removeNow(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
