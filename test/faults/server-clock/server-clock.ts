import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresNode } from '../postgres-node.ts';

const SOURCE = join(import.meta.dirname, 'wall-clock-offset.c');
const NS_PER_SECOND = 1e9;

/** Tells whether the clock of a process can be set here. */
export function canSetClocks(): boolean {
  return process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;
}

/** The wall clock of one server. Monotonic clocks, and the clock of the machine, stay as they are. */
export class ServerClock {
  private readonly folder = mkdtempSync(join(tmpdir(), 'sluice-clock-'));
  private readonly file: number;
  private offsetS = 0;

  private constructor() {
    chmodSync(this.folder, 0o755);
    this.file = openSync(join(this.folder, 'offset'), 'w', 0o644);
    this.step(0);
    execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', join(this.folder, 'clock.so'), SOURCE]);
  }

  /** Restarts the server with a clock that {@link step} sets. */
  static async of(server: PostgresNode): Promise<ServerClock> {
    const clock = new ServerClock();
    await server.stop();
    server.environment = {
      LD_PRELOAD: join(clock.folder, 'clock.so'),
      WALL_CLOCK_OFFSET_FILE: join(clock.folder, 'offset'),
    };
    await server.start();
    return clock;
  }

  /** Sets the clock forward, or back if `seconds` are negative. */
  step(seconds: number): void {
    this.offsetS += seconds;
    const offset = new BigInt64Array([BigInt(this.offsetS * NS_PER_SECOND)]);
    writeSync(this.file, offset, 0, offset.byteLength, 0);
  }

  remove(): void {
    closeSync(this.file);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
