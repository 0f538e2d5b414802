/** A run of ids of one batch, travelling in one dispatch. */
export interface DispatchPart {
  readonly ingestionId: string;
  /** From 0, in the order of the ingestion's batches. */
  readonly batchNo: number;
  /** Position of its first id in the ingestion, from 0. */
  readonly first: number;
  readonly size: number;
  /** Failed attempts of these ids before this dispatch. */
  readonly failures: number;
  readonly packedIds: Uint8Array;
}

/**
 * What tells a dispatch from others. The id is the fence: only the claim that made it may settle, release or renew it.
 * The number only finds the row: a standby that took over, or a restored backup, gives the same number out again.
 */
export interface ClaimedDispatch {
  readonly lane: string;
  readonly dispatchNo: number;
  readonly dispatchId: string;
}

/** One call to the external API. */
export interface Dispatch extends ClaimedDispatch {
  readonly parts: readonly DispatchPart[];
}

/** Why an attempt did not succeed. */
export const ATTEMPT_ERROR_KINDS = [
  'network',
  'timeout',
  'upstream',
  'rejected',
  'missing_answer',
  'bad_answer',
  'lapsed',
] as const;

export type AttemptErrorKind = (typeof ATTEMPT_ERROR_KINDS)[number];

export interface AttemptError {
  readonly kind: AttemptErrorKind;
  readonly message: string;
}

/** What a dispatch did to one of its ids, as it is to be recorded. */
export type Outcome =
  | {
      readonly kind: 'completed';
      /** What the upstream answered, as exact JSON; null where it said nothing, or it is not to be kept. Absent where nothing is kept. */
      readonly dataJson?: string | null;
    }
  | { readonly kind: 'retry'; readonly error: AttemptError; readonly delayMs: number }
  /** Back into the queue, due at once: it was not tried, and loses no attempt. */
  | {
      readonly kind: 'postponed';
      /** Why it was not sent, for the log; it is not recorded. */
      readonly cause?: AttemptError;
    }
  | { readonly kind: 'failed'; readonly error: AttemptError };
