import type { Evidence } from '../evidence.ts';
import type { RecordedCall, Stall } from '../recorder/protocol.ts';
import type { Verdict } from '../report.ts';

/** What the way over the loopback and the waking of processes may shift a start by. */
const LOOPBACK_MS = 8;

export interface PaceFindings {
  readonly verdicts: readonly Verdict[];
  /** Pairs of starts that a limit kept apart. */
  readonly pairs: number;
  /** Of these, pairs of two lives. */
  readonly overRestarts: number;
  /** The least that two starts were apart beyond their limit; below 0, they were closer by that. */
  readonly smallestMarginMs: number;
  /** How late the recorder's own event loop may have made the earlier start of that pair. */
  readonly stallOfSmallestMs: number;
}

/**
 * No window of the later start's delay holds the one before. A start that is recorded late makes the gap behind it
 * look short: the recorder's own stalls are measured and allowed for, the rest is {@link LOOPBACK_MS}.
 */
export function checkPace({ recording, lives }: Evidence): PaceFindings {
  const starts = recording.calls.toSorted((a, b) => a.startedMs - b.startedMs);
  const faults: string[] = [];
  let pairs = 0;
  let overRestarts = 0;
  let smallest = { marginMs: Infinity, stallMs: 0 };
  for (const [i, later] of starts.slice(1).entries()) {
    const earlier = starts[i];
    const delayMs = lives[later.life]?.delayMs ?? 0;
    if (earlier === undefined || delayMs === 0) {
      continue;
    }
    pairs += 1;
    overRestarts += earlier.life === later.life ? 0 : 1;
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

/** How long the call may have waited for the recorder's event loop before it was recorded. */
function stallBefore({ startedMs }: RecordedCall, stalls: readonly Stall[]): number {
  const stall = stalls.find(({ fromMs, toMs }) => fromMs <= startedMs && startedMs <= toMs + 1);
  return stall === undefined ? 0 : Math.max(0, startedMs - stall.fromMs);
}

function describe(earlier: RecordedCall, later: RecordedCall, delayMs: number, stallMs: number): string {
  const gapMs = later.startedMs - earlier.startedMs;
  return (
    `${gapMs.toFixed(2)} ms of ${String(delayMs)} between ${earlier.dispatchId} (life ${String(earlier.life)}) ` +
    `and ${later.dispatchId} (life ${String(later.life)}); the recorder stalled ${stallMs.toFixed(2)} ms`
  );
}
