import { readFileSync } from 'node:fs';
import { ask } from '../crash/http-client.ts';
import type { StoreUnderTest } from '../crash/store-under-test.ts';

/** What the service says about itself at one moment. */
export interface Sample {
  /** Seconds since the soak began, and since this process began. */
  readonly atS: number;
  readonly ageS: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly openFiles: number;
  readonly handles: number;
  readonly storeMb: number;
  readonly waitingIds: number;
  /** The longest stall of the event loop since the sample before. */
  readonly stallMs: number;
  /** For how long the process has waited for a core since its start, because others had them. */
  readonly waitedForCoreMs: number;
  readonly slotsMissed: number;
  readonly dispatches: number;
}

const MB = 1e6;

/** The process and the store that a sample describes. */
export interface Sampled {
  readonly url: string;
  readonly pid: number;
  readonly store: StoreUnderTest;
}

/** Reads the metrics of the service. */
export async function takeSample({ url, pid, store }: Sampled, atS: number, ageS: number): Promise<Sample> {
  const { text } = await ask({ method: 'GET', url: `${url}/metrics` });
  const sum = (name: string): number => sumOf(text, name);
  return {
    atS,
    ageS,
    rssMb: sum('process_resident_memory_bytes') / MB,
    heapMb: sum('nodejs_heap_size_used_bytes') / MB,
    openFiles: sum('process_open_fds'),
    handles: sum('nodejs_active_resources_total'),
    storeMb: (await store.usedBytes()) / MB,
    waitingIds: sum('sluice_waiting_ids') + sum('sluice_retries_waiting_ids') + sum('sluice_in_flight_ids'),
    stallMs: sum('nodejs_eventloop_lag_max_seconds') * 1000,
    waitedForCoreMs: readWaitedForCoreMs(pid),
    slotsMissed: sum('sluice_slots_missed_total'),
    dispatches: sum('sluice_dispatches_total'),
  };
}

/** Linux alone tells it: the second number of `schedstat`, in nanoseconds. */
function readWaitedForCoreMs(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${String(pid)}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

/** Adds the values of all series of a metric. */
function sumOf(text: string, name: string): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
