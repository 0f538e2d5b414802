import type { Evidence } from '../evidence.ts';
import { lengthWithMarginMs, type LimitedTime, type WindowLimit } from '../rate-limits.ts';
import type { RecordedCall } from '../recorder/protocol.ts';
import type { Verdict } from '../report.ts';
import { LOOPBACK_MS, stallBefore } from './stalls.ts';

export interface LimitFindings {
  readonly verdicts: readonly Verdict[];
  /** Windows that were counted: one for each call and limit. */
  readonly windows: number;
  /** The windows that were full. */
  readonly full: number;
  /** The full windows with calls of several processes. */
  readonly fullOverRestarts: number;
  /** Calls that left while as many as allowed were in flight, this one included. */
  readonly fullInFlight: number;
}

/** A call, with the earliest moment at which it may have reached the recorder. */
interface Arrival {
  readonly call: RecordedCall;
  readonly earliestMs: number;
}

/**
 * Counts the calls of the default lane in each window that ends with a call, for each limit that held then. Calls from before the limits count
 * too. A window is as long as the service keeps it, less what may shift the start of a call, which the margin is for.
 */
export function checkLimits({ recording, limitedTimes }: Evidence): LimitFindings {
  const arrivals = recording.calls
    .filter(({ lane }) => lane === 'default')
    .toSorted((a, b) => a.startedMs - b.startedMs)
    .map((call) => ({
      call,
      earliestMs: call.startedMs - LOOPBACK_MS - stallBefore(call, recording.stalls),
    }));
  const exceeded: string[] = [];
  const tooMany: string[] = [];
  const counts = { windows: 0, full: 0, fullOverRestarts: 0, fullInFlight: 0 };
  for (const [i, { call, earliestMs }] of arrivals.entries()) {
    const limits = limitsAt(limitedTimes, earliestMs, call.startedMs);
    if (limits === null) {
      continue;
    }
    for (const window of limits.windows) {
      const within = callsWithin(window, arrivals, i);
      const used = within.reduce((sum, { ids }) => sum + (window.counts === 'ids' ? ids.length : 1), 0);
      counts.windows += 1;
      if (used === window.max) {
        counts.full += 1;
        counts.fullOverRestarts += within.some(({ processNo }) => processNo !== call.processNo) ? 1 : 0;
      } else if (used > window.max) {
        exceeded.push(describe(window, used, within));
      }
    }
    const inFlight = countInFlight(arrivals, i);
    counts.fullInFlight += inFlight === limits.inFlight ? 1 : 0;
    if (inFlight > limits.inFlight) {
      tooMany.push(`${String(inFlight)} of ${String(limits.inFlight)} with ${call.dispatchId}`);
    }
  }
  return {
    verdicts: [
      { name: 'no window of a limit has more than its maximum', faults: exceeded },
      { name: 'no more calls are in flight than the limit allows', faults: tooMany },
    ],
    ...counts,
  };
}

/** Returns the limits that held for a call that left between these times; null if it may have gone by other settings. */
function limitsAt(times: readonly LimitedTime[], fromMs: number, toMs: number): LimitedTime['limits'] | null {
  return times.find((time) => time.fromMs < fromMs && toMs <= time.toMs)?.limits ?? null;
}

/** Returns the calls of the window that ends with call `last`, this one included. */
function callsWithin(window: WindowLimit, arrivals: readonly Arrival[], last: number): RecordedCall[] {
  const endMs = arrivals[last]?.call.startedMs ?? 0;
  const startMs = endMs - lengthWithMarginMs(window);
  const longestStallMs = 1000;
  const within: RecordedCall[] = [];
  for (let i = last; i >= 0; i--) {
    const arrival = arrivals[i];
    if (arrival === undefined || arrival.call.startedMs < startMs - longestStallMs) {
      break;
    }
    if (i === last || arrival.earliestMs > startMs) {
      within.push(arrival.call);
    }
  }
  return within;
}

/** A killed process's calls are in flight until the upstream has done their work: it does not know of the kill. */
function countInFlight(arrivals: readonly Arrival[], last: number): number {
  const startedMs = arrivals[last]?.call.startedMs ?? 0;
  return arrivals
    .slice(0, last + 1)
    .filter(({ call: { workedUntilMs } }) => workedUntilMs === null || workedUntilMs > startedMs).length;
}

function describe(
  { counts, max, perMs }: WindowLimit,
  used: number,
  within: readonly RecordedCall[],
): string {
  const dispatches = within.map(
    ({ dispatchId, processNo, startedMs }) =>
      `${dispatchId} (process ${String(processNo)}, ${startedMs.toFixed(1)} ms)`,
  );
  return `${String(used)} of ${String(max)} ${counts} in ${String(perMs)} ms: ${dispatches.join(', ')}`;
}
