import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '../scripts/demo/service-process.ts';
import type { RecordedCall } from '../test/crash/recorder/protocol.ts';
import { Recorder } from '../test/crash/recorder/recorder.ts';
import { pinned } from './settings.ts';
import { quantile } from './statistics.ts';

const SEED = 1;
const IDS_PER_REQUEST = 10_000;
/** The warm-up lasts at least this many slots, for connections to open and code to be compiled. */
const WARM_UP_SLOTS = 2;
const WARM_UP_AT_LEAST_MS = 3000;

/** The pace of a gate, by the clock of the upstream. */
export interface Pace {
  readonly slots: number;
  /** The share of slots used, of all that the delay allows between the first and the last start. */
  readonly slotsUsed: number;
  /** The least time between two starts, less the delay; negative if two starts were too close. */
  readonly smallestMarginMs: number;
  /** The time between two starts, less the delay: median and 99th percentile. */
  readonly jitterP50Ms: number;
  readonly jitterP99Ms: number;
  /** The longest stall of the recorder, by its own clock. */
  readonly latenessMs: number;
}

/** Starts a replica of the gate in front of an upstream. */
export type StartGate = (upstreamUrl: string, replica: number) => Promise<ServiceProcess>;

/** Runs `replicas` gates on one long list for `slots` slots and measures their pace. */
export async function measurePace(
  startGate: StartGate,
  {
    delayMs,
    slots,
    replicas,
  }: {
    readonly delayMs: number;
    readonly slots: number;
    /** If absent, one gate runs on the core of the contestants. */
    readonly replicas?: number;
  },
): Promise<Pace> {
  const [execPath, ...execArgv] = pinned('load', process.execPath);
  const recorder = await Recorder.start(SEED, replicas === undefined ? { execPath, execArgv } : {});
  const gates: ServiceProcess[] = [];
  const warmUpMs = Math.max(WARM_UP_SLOTS * delayMs, WARM_UP_AT_LEAST_MS);
  try {
    for (let replica = 0; replica < (replicas ?? 1); replica++) {
      gates.push(await startGate(recorder.urlFor(replica), replica));
    }
    const idsNeeded = 3 * (slots + warmUpMs / delayMs) * 1.5;
    for (let first = 1; first <= idsNeeded; first += IDS_PER_REQUEST) {
      await ingest(gates[0]?.url ?? '', first);
    }
    await sleep(warmUpMs + slots * delayMs);
    const { calls, stalls } = await recorder.dump();
    return {
      ...paceOf(calls, delayMs, warmUpMs),
      latenessMs: Math.max(0, ...stalls.map(({ fromMs, toMs }) => toMs - fromMs)),
    };
  } finally {
    await Promise.all(gates.map((gate) => gate.kill()));
    recorder.stop();
  }
}

async function ingest(url: string, first: number): Promise<void> {
  const ids = Array.from({ length: IDS_PER_REQUEST }, (_, i) => first + i);
  const response = await fetch(`${url}/ingest`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ids, priority: 'LOW' }),
  });
  if (!response.ok) {
    throw new Error(`the list was refused: ${await response.text()}`);
  }
}

function paceOf(calls: readonly RecordedCall[], delayMs: number, warmUpMs: number): Omit<Pace, 'latenessMs'> {
  const starts = calls.map(({ startedMs }) => startedMs).sort((a, b) => a - b);
  const from = (starts[0] ?? 0) + warmUpMs;
  const measured = starts.filter((start) => start >= from);
  const [first = NaN, last = NaN] = [measured[0], measured.at(-1)];
  const margins = measured.slice(1).map((start, i) => start - (measured[i] ?? NaN) - delayMs);
  return {
    slots: margins.length,
    slotsUsed: (margins.length * delayMs) / (last - first),
    smallestMarginMs: Math.min(...margins),
    jitterP50Ms: quantile(margins, 0.5),
    jitterP99Ms: quantile(margins, 0.99),
  };
}
