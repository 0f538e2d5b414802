import { toBatchId } from '../../../domain/batch-id.js';
import { idsToJson } from '../../../domain/ids-to-json.js';
import { countIds } from '../../../domain/packed-ids.js';
import { countSuccesses } from '../count-successes.js';
import type { DispatchedBatch, DispatchRecord } from '../dispatch.repository.js';
import type { DispatchPage } from '../dispatches.service.js';
import type {
  DispatchList,
  DispatchPartView,
  DispatchView,
  IngestionDispatch,
  IngestionDispatchList,
  OutcomeCountsView,
} from './dispatches-response.dto.js';

/** Maps a page of dispatches to its response. */
export function toDispatchList({ dispatches, next }: DispatchPage): DispatchList {
  return { dispatches: dispatches.map(toView), next: next === null ? null : String(next) };
}

function toView(dispatch: DispatchRecord): DispatchView {
  const { startedAtMs, endedAtMs } = dispatch;
  return {
    dispatch_id: dispatch.dispatchId,
    lane: dispatch.lane,
    started_at: new Date(startedAtMs).toISOString(),
    ended_at: endedAtMs === null ? null : new Date(endedAtMs).toISOString(),
    duration_ms: endedAtMs === null ? null : Math.max(0, endedAtMs - startedAtMs), // wall time may have been set back
    outcome: dispatch.ending ?? 'in_flight',
    counts: toCounts(dispatch),
    parts: dispatch.parts.map(toPart),
  };
}

/** Returns the outcome counts; all ids of a released dispatch count as retried. */
function toCounts({ ending, counts, parts }: DispatchRecord): OutcomeCountsView {
  return ending === null || ending === 'settled'
    ? counts
    : { completed: 0, retried: parts.reduce((ids, part) => ids + countIds(part.packedIds), 0), failed: 0 };
}

/** Maps the dispatches of one ingestion; the ids of other ingestions are left out. */
export function toIngestionDispatchList(
  { dispatches, next }: DispatchPage,
  ingestionId: string,
): IngestionDispatchList {
  return {
    dispatches: dispatches.map((dispatch) => toIngestionDispatch(dispatch, ingestionId)),
    next: next === null ? null : String(next),
  };
}

function toIngestionDispatch(dispatch: DispatchRecord, ingestionId: string): IngestionDispatch {
  const own = dispatch.parts.filter((part) => part.ingestionId === ingestionId);
  const { dispatch_id, lane, started_at, ended_at, duration_ms, outcome, parts } = toView({
    ...dispatch,
    parts: own,
  });
  const ids = parts.reduce((sum, part) => sum + part.ids.length, 0);
  const errorCount = parts.reduce((sum, part) => sum + part.errors.length, 0);
  return {
    dispatch_id,
    lane,
    started_at,
    ended_at,
    duration_ms,
    outcome,
    ...countSuccesses(dispatch, ids, errorCount),
    parts: parts.map(({ batch_id, attempt, ids: carried, errors }) => ({
      batch_id,
      attempt,
      ids: carried,
      errors,
    })),
  };
}

function toPart({
  ingestionId,
  batchNo,
  priority,
  failures,
  packedIds,
  errors,
}: DispatchedBatch): DispatchPartView {
  const ids = idsToJson(packedIds);
  return {
    ingestion_id: ingestionId,
    batch_id: toBatchId(ingestionId, batchNo),
    priority,
    attempt: failures + 1,
    ids,
    errors: errors.map(({ index, kind, message }) => ({ id: ids[index], kind, message })),
  };
}
