import type { Evidence, StatusView } from '../evidence.ts';
import type { Submission } from '../ledger.ts';
import type { Verdict } from '../report.ts';
import { MAX_ATTEMPTS } from '../settings.ts';
import type { Sending } from './calls-by-id.ts';

type ById = ReadonlyMap<bigint, readonly Sending[]>;

/** Checks that each acknowledged list ended, whole, with the upstream's outcomes. */
export function checkKept(evidence: Evidence, byId: ById): Verdict[] {
  const { ledger, statuses, deadLetters } = evidence;
  const unended: string[] = [];
  const changed: string[] = [];
  const unseen: string[] = [];
  const untrue: string[] = [];
  for (const submission of ledger.acknowledged) {
    const ingestionId = String(submission.ingestionId);
    unseen.push(
      ...submission.ids.filter((id) => !byId.has(id)).map((id) => `${String(id)} of ${ingestionId}`),
    );
    const view = statuses.get(ingestionId);
    if (view === undefined) {
      unended.push(`${ingestionId} (${submission.priority}, ${String(submission.ids.length)} ids)`);
    } else {
      changed.push(...describeChange(submission, view));
      untrue.push(...submission.ids.flatMap((id) => describeUntruth(id, view, byId, deadLetters)));
    }
  }
  return [
    { name: 'every acknowledged ingestion comes to its end', faults: unended },
    { name: 'each has exactly its ids, in their order, and its priority', faults: changed },
    { name: 'the upstream saw every acknowledged id', faults: unseen },
    { name: 'outcomes are true: a success, or every attempt failed', faults: untrue },
    { name: 'nothing is sent that was never handed over', faults: describeStrangers(evidence, byId) },
    { name: 'what was not acknowledged is kept whole or not at all', faults: describeParts(evidence, byId) },
  ];
}

function describeChange(submission: Submission, view: StatusView): string[] {
  const shown = view.batches.flatMap(({ ids }) => ids).join(', ');
  const given = submission.ids.join(', ');
  return shown === given && view.priority === submission.priority
    ? []
    : [`${String(submission.ingestionId)}: ${submission.priority} ${given} became ${view.priority} ${shown}`];
}

/** Compares the service's status of an id with the upstream's responses. */
function describeUntruth(
  id: bigint,
  view: StatusView,
  byId: ById,
  deadLetters: ReadonlySet<bigint>,
): string[] {
  const answered = (byId.get(id) ?? []).filter(({ call }) => call.answeredMs !== null);
  const failures = answered.filter(({ succeeded }) => !succeeded).length;
  const batch = view.batches.find(({ ids }) => ids.includes(id));
  const gaveUp = deadLetters.has(id);
  const told = `id ${String(id)}: batch ${String(batch?.status)}, ${String(answered.length)} answers, ${String(failures)} failures`;
  if (gaveUp ? failures < MAX_ATTEMPTS : failures === answered.length) {
    return [`${told}, ${gaveUp ? 'a dead letter' : 'no dead letter'}`];
  }
  const batchFailed = batch?.ids.some((other) => deadLetters.has(other)) === true;
  return batch?.status === (batchFailed ? 'failed' : 'completed') ? [] : [told];
}

function describeStrangers({ ledger }: Evidence, byId: ById): string[] {
  const known = new Set(ledger.submissions.flatMap(({ ids }) => ids));
  return [...byId.keys()].filter((id) => !known.has(id)).map(String);
}

function describeParts({ ledger }: Evidence, byId: ById): string[] {
  return ledger.submissions
    .filter(({ ingestionId }) => ingestionId === null)
    .map(({ ids }) => ({ ids, seen: ids.filter((id) => byId.has(id)).length }))
    .filter(({ ids, seen }) => seen > 0 && seen < ids.length)
    .map(({ ids, seen }) => `${String(seen)} of ${ids.join(', ')}`);
}
