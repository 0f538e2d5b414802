import type { Evidence } from '../evidence.ts';
import type { Verdict } from '../report.ts';
import { groupById } from './calls-by-id.ts';
import { checkKept } from './kept.ts';
import { checkLimits, type LimitFindings } from './limits.ts';
import { checkProcesses } from './processes-ended.ts';
import { checkOnce, type OnceFindings } from './once.ts';
import { checkPace, type PaceFindings } from './pace.ts';

export interface Findings {
  readonly verdicts: readonly Verdict[];
  readonly once: OnceFindings;
  readonly pace: PaceFindings;
  readonly limits: LimitFindings;
}

/** Checks the evidence of a run against the promises. */
export function checkAll(evidence: Evidence): Findings {
  const byId = groupById(evidence.recording.calls);
  const once = checkOnce(evidence, byId);
  const pace = checkPace(evidence);
  const limits = checkLimits(evidence);
  return {
    verdicts: [
      ...checkKept(evidence, byId),
      ...once.verdicts,
      ...pace.verdicts,
      ...limits.verdicts,
      ...checkProcesses(evidence),
    ],
    once,
    pace,
    limits,
  };
}
