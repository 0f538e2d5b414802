import type { Evidence } from '../evidence.ts';
import type { Findings } from './check-all.ts';

/** Formats the figures of a run for people to read. */
export function describeRun(
  { ledger, recording, deadLetters }: Evidence,
  { once, pace, limits }: Findings,
): string[] {
  const ids = ledger.acknowledged.reduce((sum, submission) => sum + submission.ids.length, 0);
  return [
    `${String(ledger.acknowledged.length)} ingestions with ${String(ids)} ids acknowledged, ` +
      `${String(ledger.replays)} replayed, ${String(ledger.lostConnections)} connections lost; ` +
      `${String(recording.calls.length)} dispatches, ${String(deadLetters.size)} ids gave up`,
    `${String(once.explained)} ids sent again, in flight at a kill ` +
      `(answered ${once.longestUnrecordedMs.toFixed(1)} ms before it at the most)`,
    `smallest gap ${pace.smallestMarginMs.toFixed(2)} ms beyond BATCH_DELAY in ${String(pace.pairs)} pairs, ` +
      `${String(pace.overRestarts)} over a restart; the recorder's own lateness there ${pace.stallOfSmallestMs.toFixed(2)} ms`,
    `${String(limits.full)} of ${String(limits.windows)} windows of limits full, ` +
      `${String(limits.fullOverRestarts)} of them over several processes; ` +
      `${String(limits.fullInFlight)} calls were the last that may be in flight`,
  ];
}
