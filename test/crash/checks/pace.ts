import type { Evidence } from '../evidence.ts';
import type { RecordedCall } from '../recorder/protocol.ts';
import type { Verdict } from '../report.ts';
import { LOOPBACK_MS, stallBefore } from './stalls.ts';

export interface PaceFindings {
  readonly verdicts: readonly Verdict[];
  /** Pairs of starts that a limit kept apart. */
  readonly pairs: number;
  /** The pairs across two processes. */
  readonly overRestarts: number;
  /** The least time between two starts, less the limit; negative if they were too close. */
  readonly smallestMarginMs: number;
  /** The recorder's stall that may have delayed the record of that pair's earlier start. */
  readonly stallOfSmallestMs: number;
}

/**
 * Checks that each start keeps its delay to the start before in its lane. A start recorded late makes the gap after it
 * look short: the recorder's own stalls are measured and allowed for, the rest is {@link LOOPBACK_MS}. Calls that
 * went by limits, or may have, are checked by those.
 */
export function checkPace({ recording, processes, limitedTimes }: Evidence): PaceFindings {
  const starts = recording.calls.toSorted((a, b) => a.startedMs - b.startedMs);
  const lastOfLane = new Map<string, RecordedCall>();
  const faults: string[] = [];
  let pairs = 0;
  let overRestarts = 0;
  let smallest = { marginMs: Infinity, stallMs: 0 };
  for (const later of starts) {
    const earlier = lastOfLane.get(later.lane);
    lastOfLane.set(later.lane, later);
    const delayMs = processes[later.processNo]?.delayMs ?? 0;
    const isLimited = limitedTimes.some(
      ({ sentMs, endedMs }) => sentMs <= later.startedMs && later.startedMs <= endedMs,
    );
    if (earlier === undefined || delayMs === 0 || isLimited) {
      continue;
    }
    pairs += 1;
    overRestarts += earlier.processNo === later.processNo ? 0 : 1;
    const marginMs = later.startedMs - earlier.startedMs - delayMs;
    const stallMs = stallBefore(earlier, recording.stalls);
    if (marginMs < smallest.marginMs) {
      smallest = { marginMs, stallMs };
    }
    if (marginMs < -LOOPBACK_MS - stallMs) {
      faults.push(describe(earlier, later, delayMs, stallMs));
    }
  }
  return {
    verdicts: [{ name: 'no two dispatches start closer than BATCH_DELAY', faults }],
    pairs,
    overRestarts,
    smallestMarginMs: smallest.marginMs,
    stallOfSmallestMs: smallest.stallMs,
  };
}

function describe(earlier: RecordedCall, later: RecordedCall, delayMs: number, stallMs: number): string {
  const gapMs = later.startedMs - earlier.startedMs;
  return (
    `${gapMs.toFixed(2)} ms of ${String(delayMs)} between ${earlier.dispatchId} (process ${String(earlier.processNo)}) ` +
    `and ${later.dispatchId} (process ${String(later.processNo)}); the recorder stalled ${stallMs.toFixed(2)} ms`
  );
}
