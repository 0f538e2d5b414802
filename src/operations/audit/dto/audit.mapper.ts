import type { AuditRecord } from '../../../domain/audit.js';
import type { AuditCursor, AuditFilter } from '../audit.repository.js';
import type { AuditQuery } from './audit-query.dto.js';
import type { AuditEntryView, AuditPage } from './audit-response.dto.js';

export function toAuditFilter({ client, action, lane, target, from, to }: AuditQuery): AuditFilter {
  return {
    ...(client !== undefined && { client }),
    ...(action !== undefined && { action }),
    ...(lane !== undefined && { lane }),
    ...(target !== undefined && { target: target.toLowerCase() }),
    ...(from !== undefined && { fromMs: Date.parse(from) }),
    ...(to !== undefined && { toMs: Date.parse(to) }),
  };
}

/** Parses the cursor; null on the first page. */
export function toAuditCursor({ after }: AuditQuery): AuditCursor | null {
  if (after === undefined) {
    return null;
  }
  const [atMs, auditNo] = after.split('-').map(Number);
  return { atMs: atMs ?? 0, auditNo: auditNo ?? 0 };
}

/** Maps a page to its response. A full page may be followed by another. */
export function toAuditPage(records: readonly AuditRecord[], limit: number): AuditPage {
  const last = records.at(-1);
  return {
    entries: records.map(toView),
    next:
      last !== undefined && records.length === limit ? `${String(last.atMs)}-${String(last.auditNo)}` : null,
  };
}

function toView({ entryId, atMs, action, actor, ...record }: AuditRecord): AuditEntryView {
  return {
    entry_id: entryId,
    at: new Date(atMs).toISOString(),
    action,
    client: actor.client,
    address: actor.address,
    request_id: actor.requestId,
    lane: record.lane,
    target: record.target,
    affected: record.affected,
    from: record.from,
    to: record.to,
    filter: record.filter,
  };
}
