import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServiceProcess } from '../scripts/demo/service-process.ts';

/** The module to import into the service under test, with LOOP_PROBE_FILE set. */
export const LOOP_PROBE = fileURLToPath(new URL('./loop-probe.ts', import.meta.url));

export interface Probed {
  readonly longestStallMs: number;
  readonly peakRssMb: number;
}

/** Reads the measurements inside the service since the previous call. */
export async function probe(service: ServiceProcess, file: string): Promise<Probed> {
  rmSync(file, { force: true });
  process.kill(service.pid, 'SIGUSR2');
  while (!existsSync(file)) {
    await sleep(10);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Probed;
}
