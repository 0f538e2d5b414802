import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../statistics.ts';
import type { DrainRun, OpenContestant } from './contestant.ts';
import { monotonicSeconds } from './monotonic-clock.ts';
import { usageOf } from './process-usage.ts';
import { Reader } from './reader.ts';

/** The part of the ids that a run processes before it is measured, so that its code is compiled. */
const WARM_UP_PART = 0.1;
const READ_INTERVAL_MS = 10;
const MAX_DRAIN_MS = 900_000;
const POLL_INTERVAL_MS = 2;

/** One measured run. All but `endToEndPerSecond` is of the time from the start of work to the last outcome. */
export interface Drained {
  readonly idsPerSecond: number;
  /** The same with the acceptance of the ids, which comes before. */
  readonly endToEndPerSecond: number;
  readonly cpuMicrosPerId: number;
  readonly bytesPerId: number;
  readonly readP99Ms: number;
  readonly readLongestMs: number;
  /** One sentence for each loss, surplus or failed read. */
  readonly faults: readonly string[];
}

/** Accepts `ids` ids while the contestant rests, lets it work until all are settled, and counts them in its store. */
export async function measureDrain(contestant: OpenContestant, ids: number): Promise<Drained> {
  spawnSync('sync'); // so that the writes of the run before do not slow down this one
  const run = await contestant.start();
  try {
    const warmUpIds = Math.ceil(ids * WARM_UP_PART);
    await run.accept(warmUpIds);
    await run.work();
    await untilNothingIsPending(run);
    await run.rest();

    const beginSeconds = monotonicSeconds();
    const statusUrl = await run.accept(ids);
    const acceptSeconds = monotonicSeconds() - beginSeconds;
    const reader = await Reader.open({
      requests: [{ name: 'status', method: 'GET', url: statusUrl, endsWhenCompleted: true }],
      intervalMs: READ_INTERVAL_MS,
      timeoutMs: MAX_DRAIN_MS,
    });
    try {
      const before = usageOf(run.pids);
      const startSeconds = monotonicSeconds();
      const [{ tookMs, failures, completedAtSeconds }] = await Promise.all([
        reader.readUntilCompleted(),
        run.work(),
      ]);
      const isPending = (await run.countPending()) > 0;
      await untilNothingIsPending(run);
      const drainSeconds = (isPending ? monotonicSeconds() : completedAtSeconds) - startSeconds;
      const after = usageOf(run.pids);
      const settled = (await run.countSettled()) - warmUpIds;
      return {
        idsPerSecond: ids / drainSeconds,
        endToEndPerSecond: ids / (drainSeconds + acceptSeconds),
        cpuMicrosPerId: ((after.cpuSeconds - before.cpuSeconds) / ids) * 1e6,
        bytesPerId: (after.writtenBytes - before.writtenBytes) / ids,
        readP99Ms: quantile(tookMs['status'] ?? [], 0.99),
        readLongestMs: quantile(tookMs['status'] ?? [], 1),
        faults: [
          ...(settled === ids ? [] : [`settled ${String(settled)} of ${String(ids)} ids`]),
          ...failures.slice(0, 1).map((failure) => `failed ${String(failures.length)} reads: ${failure}`),
        ],
      };
    } finally {
      await reader.close();
    }
  } finally {
    await run.stop();
  }
}

async function untilNothingIsPending(run: DrainRun): Promise<void> {
  const endMs = performance.now() + MAX_DRAIN_MS;
  while ((await run.countPending()) > 0) {
    if (performance.now() > endMs) {
      throw new Error(`${String(await run.countPending())} ids are still pending`);
    }
    await sleep(POLL_INTERVAL_MS);
  }
}
