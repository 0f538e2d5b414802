import type { BulkAction } from '../bulk-action.repository.js';
import { isOfDeadLetters } from '../bulk-target.js';
import type { BulkActionPage, BulkActionView } from './bulk-action.dto.js';

export function toBulkActionView(action: BulkAction): BulkActionView {
  return {
    bulk_action_id: action.bulkActionId,
    action: action.action,
    filter: action.filter,
    ...(action.priority !== null && { priority: action.priority }),
    state: action.state,
    ingestions: action.ingestions,
    ids: action.ids,
    ingestions_done: isOfDeadLetters(action.action) ? null : action.ingestionsDone,
    ids_done: action.idsDone,
    skipped: action.skipped,
    created_at: new Date(action.createdAtMs).toISOString(),
    expires_at: new Date(action.expiresAtMs).toISOString(),
    started_at: toTime(action.startedAtMs),
    ended_at: toTime(action.endedAtMs),
    started_by: action.actor?.client ?? null,
    last_error: action.lastError,
  };
}

/** Maps a page to its response. A full page may be followed by another. */
export function toBulkActionPage(actions: readonly BulkAction[], limit: number): BulkActionPage {
  const last = actions.at(-1);
  return {
    bulk_actions: actions.map(toBulkActionView),
    next: last !== undefined && actions.length === limit ? String(last.bulkActionNo) : null,
  };
}

function toTime(wallMs: number | null): string | null {
  return wallMs === null ? null : new Date(wallMs).toISOString();
}
