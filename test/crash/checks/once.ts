import type { Evidence } from '../evidence.ts';
import type { RecordedCall } from '../recorder/protocol.ts';
import type { ServiceProcess } from '../service-process.ts';
import type { Verdict } from '../report.ts';
import { BATCH_SIZE } from '../settings.ts';
import type { Sending } from './calls-by-id.ts';

/** The time after which the outcome of an answer sent before a kill must be recorded. */
const RECORDED_WITHIN_MS = 1000;

export interface OnceFindings {
  readonly verdicts: readonly Verdict[];
  /** The ids sent again after success because of a kill or another trouble. */
  readonly explained: number;
  /** The longest time between an answer and the kill that left it unrecorded. */
  readonly longestUnrecordedMs: number;
}

/**
 * Checks that an id that succeeded is not sent again, unless it was in flight at a kill or another trouble.
 */
export function checkOnce(evidence: Evidence, byId: ReadonlyMap<bigint, readonly Sending[]>): OnceFindings {
  const again: string[] = [];
  let explained = 0;
  let longestUnrecordedMs = 0;
  for (const [id, sendings] of byId) {
    for (const [i, later] of sendings.slice(1).entries()) {
      const earlier = sendings[i];
      if (earlier?.succeeded !== true) {
        continue;
      }
      const unrecordedMs = unrecordedMsOf(earlier.call, later.call, evidence);
      if (unrecordedMs === null) {
        again.push(
          `id ${String(id)} in dispatches ${earlier.call.dispatchId} (process ${String(earlier.call.processNo)}) ` +
            `and ${later.call.dispatchId} (process ${String(later.call.processNo)})`,
        );
      } else {
        explained += 1;
        longestUnrecordedMs = Math.max(longestUnrecordedMs, unrecordedMs);
      }
    }
  }
  const what = evidence.signal === 'SIGKILL' ? 'unless it was in flight at a kill' : 'ever';
  return {
    verdicts: [
      { name: `what succeeded is not sent again, ${what}`, faults: again },
      {
        name: 'a dispatch is called once unless its outcome was lost, with no more ids than fit',
        faults: describeOddCalls(evidence),
      },
    ],
    explained,
    longestUnrecordedMs,
  };
}

/**
 * Returns for how long (ms) the answer of a call was not recorded when a kill or another trouble came before its repetition;
 * null if nothing came between, or a process has logged that all ids of the call are recorded as completed.
 */
function unrecordedMsOf(earlier: RecordedCall, later: RecordedCall, evidence: Evidence): number | null {
  if (evidence.processes.some(({ completed }) => completed.has(earlier.dispatchId))) {
    return null;
  }
  return (
    unrecordedAtKill(earlier, later, evidence.processes) ?? (isTroubled(earlier, later, evidence) ? 0 : null)
  );
}

/** Returns the time (ms) between the answer and the kill; null if the call was not in flight at a kill. */
function unrecordedAtKill(
  { processNo, dispatchId, answeredMs }: RecordedCall,
  later: RecordedCall,
  processes: readonly ServiceProcess[],
): number | null {
  const service = processes[processNo];
  if (
    service?.exit?.signal !== 'SIGKILL' ||
    later.processNo <= processNo ||
    service.recorded.has(dispatchId)
  ) {
    return null;
  }
  const unrecordedMs = answeredMs === null ? 0 : Math.max(0, service.exit.atMs - answeredMs);
  return unrecordedMs > RECORDED_WITHIN_MS ? null : unrecordedMs;
}

/** Tells whether a trouble overlapped the time between the call and its repetition. */
function isTroubled(earlier: RecordedCall, later: RecordedCall, { troubles }: Evidence): boolean {
  return troubles.some(
    ({ processNo, fromMs, toMs }) =>
      (processNo === null || processNo === earlier.processNo) &&
      fromMs <= later.startedMs &&
      toMs >= earlier.startedMs,
  );
}

/**
 * Returns the calls that have no ids, too many, or the key of an earlier call. Only a call whose outcome was not recorded
 * because of a kill or another trouble may go again under its key, and with the same ids.
 */
function describeOddCalls(evidence: Evidence): string[] {
  const lastByKey = new Map<string, RecordedCall>();
  return evidence.recording.calls
    .filter((call) => {
      const { dispatchId, ids } = call;
      const earlier = lastByKey.get(dispatchId);
      lastByKey.set(dispatchId, call);
      const isRightRepetition =
        earlier === undefined ||
        (earlier.ids.join() === ids.join() && unrecordedMsOf(earlier, call, evidence) !== null);
      return !isRightRepetition || ids.length === 0 || ids.length > BATCH_SIZE;
    })
    .map(({ dispatchId, ids }) => `dispatch ${dispatchId}: ids ${ids.join(', ')}`);
}
