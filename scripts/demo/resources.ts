import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** What must be gone when the program ends, whichever way it ends. */
export class Resources {
  private readonly releases: (() => unknown)[] = [];
  private releasing: Promise<void> | undefined;

  constructor() {
    for (const [signal, exitCode] of Object.entries(SIGNALS)) {
      process.on(signal, () => void this.release().finally(() => process.exit(exitCode)));
    }
  }

  /** From now on what fails may fail because it was released. */
  get isReleasing(): boolean {
    return this.releasing !== undefined;
  }

  /** Releases run in reverse order. */
  add(release: () => unknown): void {
    this.releases.push(release);
  }

  addFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
    this.add(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    return folder;
  }

  release(): Promise<void> {
    this.releasing ??= this.releaseAll();
    return this.releasing;
  }

  private async releaseAll(): Promise<void> {
    for (const release of this.releases.reverse()) {
      await release();
    }
  }
}
