import { readDeadLetters } from './dead-letters.ts';
import type { Evidence } from './evidence.ts';
import { followToTheEnd } from './follow.ts';
import type { Ledger } from './ledger.ts';
import type { ServiceProcess } from './service-process.ts';
import type { ServiceProcesses } from './service-processes.ts';
import type { Ending } from './options.ts';
import type { Recorder } from './recorder/recorder.ts';
import type { StoreUnderTest } from './store-under-test.ts';

export interface Scene {
  readonly signal: Ending;
  readonly ledger: Ledger;
  readonly processes: ServiceProcesses;
  readonly recorder: Recorder;
  readonly store: StoreUnderTest;
}

/** Lets the last process bring everything to its end, stops it, and gathers the evidence. */
export async function gather(scene: Scene, service: ServiceProcess, url: string): Promise<Evidence> {
  const { signal, ledger, processes, recorder, store } = scene;
  const statuses = await followToTheEnd(url, ledger.acknowledged, recorder);
  if (service.exit !== null) {
    throw new Error(`the service ended by itself, code ${String(service.exit.code)}: ${service.errors}`);
  }
  const deadLetters = await readDeadLetters(url);
  service.signal('SIGTERM');
  await service.end();
  return {
    signal,
    ledger,
    processes: processes.all,
    recording: await recorder.dump(),
    statuses,
    deadLetters,
    storeFaults: await store.findFaults(),
    troubles: [],
    limitedTimes: [],
  };
}
