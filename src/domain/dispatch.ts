import type { Labels } from './labels.js';

/**
 * The idempotency key that an id keeps because the outcome of its last call is unknown: it is sent again under that key,
 * so that the upstream recognises the repeated call.
 */
export interface KeptKey {
  /** The first dispatch that was sent under this key. */
  readonly dispatchId: string;
  /** Place of the id in that dispatch, from 0. */
  readonly place: number;
  /** Number of ids of that dispatch. One request for all of them has the same key only if all of them go together. */
  readonly size: number;
}

/** Consecutive ids of one batch that are sent in one dispatch. */
export interface DispatchPart {
  readonly ingestionId: string;
  /** Number of the batch, from 0, in the order of the ingestion's batches. */
  readonly batchNo: number;
  /** Position of the first id in the ingestion, from 0. */
  readonly first: number;
  readonly size: number;
  /** Number of failed attempts of these ids before this dispatch. */
  readonly failures: number;
  readonly packedIds: Uint8Array;
  /** The key of the first id, if these ids keep one; the following ids have the following places. */
  readonly keptKey?: KeptKey;
  /** The labels of the ingestion; absent if it has none. */
  readonly labels?: Labels;
}

/**
 * Identifies a claimed dispatch. The id is the fencing token: only the claim that created it may settle, release or
 * renew it. The number only locates the row: a promoted standby or a restored backup can assign the same number again.
 */
export interface ClaimedDispatch {
  readonly lane: string;
  readonly dispatchNo: number;
  readonly dispatchId: string;
}

/** One request to the external API. */
export interface Dispatch extends ClaimedDispatch {
  readonly parts: readonly DispatchPart[];
}

/** Returns the number of ids of a dispatch. */
export function sizeOf({ parts }: Dispatch): number {
  return parts.reduce((sum, { size }) => sum + size, 0);
}

/** The reasons why an attempt fails. */
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
  /** The HTTP status of the response; absent if there was none, or if it reported success. */
  readonly upstreamStatus?: number;
}

/** The outcome of one id of a dispatch, as it will be recorded. */
export type Outcome =
  | {
      readonly kind: 'completed';
      /**
       * The upstream's result as exact JSON; null if there was none or it must not be stored. Absent if results are not
       * stored.
       */
      readonly dataJson?: string | null;
    }
  | {
      readonly kind: 'retry';
      readonly error: AttemptError;
      readonly delayMs: number;
      /** True if the upstream may have processed the id: it is sent again under the same key. */
      readonly isOutcomeUnknown?: boolean;
    }
  /** The id returns to the queue and is due at once. It was not sent, so this does not count as an attempt. */
  | {
      readonly kind: 'postponed';
      /** The reason why it was not sent, for the log only; it is not recorded. */
      readonly cause?: AttemptError;
    }
  | { readonly kind: 'failed'; readonly error: AttemptError };
