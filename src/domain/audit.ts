/** The acts that leave an entry in the audit log. */
export const AUDIT_ACTIONS = [
  'pause_lane',
  'resume_lane',
  'change_lane',
  'create_lane',
  'retire_lane',
  'cancel',
  'reprioritize',
  'delete',
  'redrive',
  'discard',
  'start_bulk_action',
  'stop_bulk_action',
  'end_bulk_action',
  'resend_webhook',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** The origin of an act. All fields are null for an act of an application that embeds the service. */
export interface AuditActor {
  /** The name of the API key or token; null if authentication is disabled. */
  readonly client: string | null;
  /** The address that the request came from; behind a trusted proxy, the one that the proxy names. */
  readonly address: string | null;
  readonly requestId: string | null;
}

/** A JSON value with safe integers only. */
export type AuditValue = string | number | boolean | null | readonly AuditValue[] | AuditFields;

export interface AuditFields {
  readonly [name: string]: AuditValue | undefined;
}

/** The change by an act. The store adds the fields that only it knows, for example the priority before. */
export interface AuditChange {
  readonly lane?: string | null;
  /** The id of what was changed, for example of an ingestion. */
  readonly target?: string | null;
  /** The number of ids or dead letters that were changed. */
  readonly affected?: number;
  readonly from?: AuditValue;
  readonly to?: AuditValue;
  /** The filter that selected what was changed. */
  readonly filter?: AuditValue;
}

/**
 * The entry of one act, to be stored in the transaction of the act. An act that runs in several steps passes the same
 * entry to each: the first step that changes something inserts it, the later ones add to `affected`.
 */
export interface AuditEntry extends AuditChange {
  /** A UUID. */
  readonly entryId: string;
  readonly action: AuditAction;
  readonly actor: AuditActor;
}

/** An entry as it is stored. */
export interface AuditRecord {
  /** The number increases with each entry. */
  readonly auditNo: number;
  readonly entryId: string;
  /** Wall time in ms of the first step of the act. */
  readonly atMs: number;
  readonly action: AuditAction;
  readonly actor: AuditActor;
  readonly lane: string | null;
  readonly target: string | null;
  readonly affected: number | null;
  /** Null where the act has no such value. */
  readonly from: AuditValue;
  readonly to: AuditValue;
  readonly filter: AuditValue;
}
