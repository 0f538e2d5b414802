import { toBatchId } from '../../domain/batch-id.js';
import type { Dispatch, Outcome } from '../../domain/dispatch.js';
import { countOutcomes } from '../../domain/outcome-counts.js';

const MAX_SHOWN = 10;

/** A log line: a message for people, and fields for machines. */
export interface DispatchLogLine {
  readonly msg: string;
  readonly dispatch_id: string;
  /** Missing for a dispatch of another process, because the store does not return its lane. */
  readonly lane?: string;
  /** The first of them. */
  readonly ingestion_ids?: readonly string[];
}

/** Creates a log line about a dispatch. */
export function dispatchLogLine(
  { dispatchId, lane }: { readonly dispatchId: string; readonly lane?: string },
  what: string,
): DispatchLogLine {
  return {
    msg: `dispatch ${dispatchId}${what}`,
    dispatch_id: dispatchId,
    ...(lane !== undefined && { lane }),
  };
}

/** Creates the log line of a dispatch that begins, with the ids needed to follow it. */
export function describeDispatch(dispatch: Dispatch, ids: readonly bigint[]): DispatchLogLine {
  const batches = dispatch.parts.map((part) => toBatchId(part.ingestionId, part.batchNo));
  return {
    ...dispatchLogLine(dispatch, ` began: ids ${shorten(ids)}; batches ${shorten([...new Set(batches)])}`),
    ingestion_ids: toIngestionIds(dispatch),
  };
}

/** Creates the log line of a dispatch that ended. */
export function describeOutcomes(dispatch: Dispatch, outcomes: readonly Outcome[]): DispatchLogLine {
  const { completed, retried, failed } = countOutcomes(outcomes);
  const errors = new Set(outcomes.flatMap(messagesOf));
  const tail = errors.size === 0 ? '' : `: ${shorten([...errors])}`;
  return {
    ...dispatchLogLine(
      dispatch,
      ` ended: ${String(completed)} completed, ` +
        `${String(retried)} to retry, ${String(failed)} failed${tail}`,
    ),
    ingestion_ids: toIngestionIds(dispatch),
  };
}

function messagesOf(outcome: Outcome): string[] {
  if (outcome.kind === 'completed') {
    return [];
  }
  const error = outcome.kind === 'postponed' ? outcome.cause : outcome.error;
  return error === undefined ? [] : [error.message];
}

function toIngestionIds({ parts }: Dispatch): string[] {
  return [...new Set(parts.map(({ ingestionId }) => ingestionId))].slice(0, MAX_SHOWN);
}

/** Lists the first items, and the number of the others. */
export function shorten(items: readonly unknown[]): string {
  const shown = items.slice(0, MAX_SHOWN).map(String).join(', ');
  return items.length > MAX_SHOWN ? `${shown} and ${String(items.length - MAX_SHOWN)} more` : shown;
}
