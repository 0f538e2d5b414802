import type { AuditAction, AuditRecord } from '../../domain/audit.js';

/** Selects entries of the audit log; without fields it selects all. */
export interface AuditFilter {
  /** The client that acted. */
  readonly client?: string;
  readonly action?: AuditAction;
  readonly lane?: string;
  readonly target?: string;
  /** Wall times in ms, both inclusive. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** The position of an entry among all, by time. */
export interface AuditCursor {
  readonly atMs: number;
  readonly auditNo: number;
}

/**
 * Reads the audit log. The entries are written by the repositories that carry out the acts, each in the transaction of its
 * act. Every method throws `StoreUnavailableError` if the store is unavailable.
 */
export abstract class AuditRepository {
  /** Lists at most `limit` entries that precede the cursor (null: no bound), the newest first. */
  abstract list(filter: AuditFilter, before: AuditCursor | null, limit: number): Promise<AuditRecord[]>;

  /** Deletes at most `limit` entries older than `ageMs`, the oldest first. Resolves with their number. */
  abstract deleteOlderThan(ageMs: number, limit: number): Promise<number>;
}
