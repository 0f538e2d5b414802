import type { AuditActor, AuditEntry, AuditFields } from '../../domain/audit.js';
import type { Priority } from '../../domain/priority.js';

export const BULK_ACTION_KINDS = ['cancel', 'reprioritize', 'redrive', 'discard'] as const;

/** The act that is done with all that match. */
export type BulkActionKind = (typeof BULK_ACTION_KINDS)[number];

export const BULK_ACTION_STATES = [
  'planned',
  'running',
  'stopped',
  'completed',
  'failed',
  'expired',
] as const;

/** `expired`: it was planned, and not started in time. */
export type BulkActionState = (typeof BULK_ACTION_STATES)[number];

/** The newest that existed when the action was planned. Nothing newer is changed. */
export interface BulkActionBound {
  /** The highest number of a dead letter, or of an ingestion. */
  readonly upTo: number;
  /** The wall time in ms at which the newest ingestion was accepted; 0 for dead letters. */
  readonly newestMs: number;
}

/** The position of the last step, by time. */
export interface BulkActionPlace {
  readonly atMs: number;
  /** The number of the dead letter, or the `listedSeq` of the ingestion. */
  readonly no: number;
  /** The id of an ingestion that may be changed in part. It is finished first, whether it still matches or not. */
  readonly unfinished?: string;
}

/** A planned action. */
export interface NewBulkAction {
  /** A UUID. */
  readonly bulkActionId: string;
  readonly action: BulkActionKind;
  /** The filter as the client gave it, with the names of the API. */
  readonly filter: AuditFields;
  /** The new priority; null unless `action` is `reprioritize`. */
  readonly priority: Priority | null;
  readonly bound: BulkActionBound;
  /** The number of ingestions and ids that match. */
  readonly ingestions: number;
  readonly ids: number;
  /** A UUID: the entry of the audit log that counts the changed ids. */
  readonly auditEntryId: string;
}

/** An action as it is stored. */
export interface BulkAction extends NewBulkAction {
  /** The number increases with each action. */
  readonly bulkActionNo: number;
  readonly state: BulkActionState;
  /** The number of ingestions that were changed; 0 for dead letters, which are changed by id. */
  readonly ingestionsDone: number;
  readonly idsDone: number;
  /** Ingestions or dead letters that matched and could not be changed any more. */
  readonly skipped: number;
  /** Null before the first step. */
  readonly place: BulkActionPlace | null;
  /** Wall times in ms. */
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** The client that started it; null before the start. */
  readonly actor: AuditActor | null;
  readonly lastError: string | null;
}

/** The progress that one step adds. */
export interface BulkActionProgress {
  readonly place: BulkActionPlace | null;
  readonly ingestions: number;
  readonly skipped: number;
}

/** Identifies the process that runs an action. */
export interface BulkActionClaim {
  /** A UUID of the process. */
  readonly owner: string;
  /** If the process does not renew its lease for this time, another one goes on with the action. */
  readonly leaseMs: number;
}

/** Stores bulk actions. Every method throws `StoreUnavailableError` if the store is unavailable. */
export abstract class BulkActionRepository {
  /** Stores a planned action that can be started for `validMs`. Deletes actions that ended more than `keptMs` ago. */
  abstract create(plan: NewBulkAction, validMs: number, keptMs: number): Promise<void>;

  /** Returns null if the id is unknown or malformed. */
  abstract find(bulkActionId: string): Promise<BulkAction | null>;

  /** Lists at most `limit` actions with a number below `before` (null: no bound), the newest first. */
  abstract list(before: number | null, limit: number): Promise<BulkAction[]>;

  /** Starts an action that is planned or stopped. Resolves with false, and changes nothing, in any other state. */
  abstract start(bulkActionId: string, audit: AuditEntry): Promise<boolean>;

  /** Stops an action that is running. Resolves with false, and changes nothing, in any other state. */
  abstract stop(bulkActionId: string, audit: AuditEntry): Promise<boolean>;

  /**
   * Takes the oldest running action that no other process holds, and that is not one of `held`; null if there is none.
   */
  abstract claim(claim: BulkActionClaim, held: readonly string[]): Promise<BulkAction | null>;

  /**
   * Adds the progress of a step and renews the lease. The ids are those that the audit entry of the action counts, so a step
   * that was repeated after a crash counts once. Resolves with the state; null if another process has taken the action.
   */
  abstract advance(
    bulkActionId: string,
    claim: BulkActionClaim,
    progress: BulkActionProgress,
  ): Promise<BulkActionState | null>;

  /** Ends a running action that this process holds. Does nothing otherwise. */
  abstract end(
    bulkActionId: string,
    owner: string,
    end: { readonly state: 'completed' | 'failed'; readonly error: string | null },
    audit: AuditEntry,
  ): Promise<void>;

  /** Gives up the leases of a process, so that another one goes on at once. */
  abstract release(owner: string): Promise<void>;
}
