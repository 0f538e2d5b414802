import type { Candidate } from '../../src/scheduler/queue/queue.repository.js';

/** Returns a candidate of a claim: one id of a new list, of MEDIUM priority, except for the given fields. */
export function newCandidate(fields: Partial<Candidate>): Candidate {
  return {
    rank: 1,
    isRetry: false,
    pendingSinceMs: 0,
    seq: 1,
    first: 0,
    size: 1,
    client: null,
    batchNo: 0,
    failures: 0,
    units: 1,
    ...fields,
  };
}
