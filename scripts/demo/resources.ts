import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Releases resources when the program ends, also by a signal. */
export class Resources {
  private readonly releases: (() => unknown)[] = [];
  private releasing: Promise<void> | undefined;

  constructor() {
    for (const [signal, exitCode] of Object.entries(SIGNALS)) {
      process.on(signal, () => void this.release().finally(() => process.exit(exitCode)));
    }
  }

  /** True once the release has begun: later failures may be caused by it. */
  get isReleasing(): boolean {
    return this.releasing !== undefined;
  }

  /** Registers a release; releases run in reverse order. */
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
