import type { AttemptErrorKind } from '../../domain/dispatch.js';
import type { ResultChunk } from '../../domain/result-chunk.js';

/** A range of positions of an ingestion: `from` is included, `to` is not. */
export interface PositionRange {
  readonly seq: number;
  readonly from: number;
  readonly to: number;
}

/** An id that failed. */
export interface FailedId {
  readonly position: number;
  readonly kind: AttemptErrorKind;
  readonly message: string;
}

/** The largest number of pending retries of an ingestion among which the soonest are found. */
export const MAX_RETRIES_SEARCHED = 10_000;

/** An id that will be sent again. */
export interface PendingRetry {
  readonly position: number;
  /** Failed attempts since it was accepted or redriven. */
  readonly failures: number;
  /** Time until it is due; 0 or less if it is due now. */
  readonly dueInMs: number;
  /** The last failed attempt, also one before a redrive; null if there was none. */
  readonly kind: AttemptErrorKind | null;
  readonly message: string | null;
  /** Wall time at which the last failed attempt ended, in ms. */
  readonly failedAtMs: number | null;
}

/** The place of an id: a position of an ingestion. */
export interface IdPosition {
  readonly seq: number;
  readonly position: number;
}

/** Reads the result of each id. Every method throws `StoreUnavailableError` if the store cannot do it now. */
export abstract class ResultRepository {
  /**
   * Returns the chunks of a range in order: at most `limit` of them and none after `maxBytes` are reached, but at least
   * one if there is one. The first chunk may start before the range, and the last may end after it.
   */
  abstract chunks(positionRange: PositionRange, limit: number, maxBytes: number): Promise<ResultChunk[]>;

  /** Returns at most `limit` failed ids of a range, in order. */
  abstract failures(positionRange: PositionRange, limit: number): Promise<FailedId[]>;

  /**
   * Returns at most `limit` pending retries of an ingestion, the soonest first. If it has more than
   * {@link MAX_RETRIES_SEARCHED}, some sooner ones may be missing.
   */
  abstract retries(seq: number, limit: number): Promise<PendingRetry[]>;

  /**
   * Finds one packed id in several ranges: its positions, by `seq` and position, at most `limit` of them. It reads all ids
   * of the ranges, because no index has them; ranges of ingestions that were removed have none.
   */
  abstract findPositions(
    packedId: Uint8Array,
    ranges: readonly PositionRange[],
    limit: number,
  ): Promise<IdPosition[]>;

  /**
   * Returns the packed ids of several ranges of one ingestion, concatenated. Returns null if the ingestion was removed
   * or its id does not match its number.
   */
  abstract readIds(ingestionId: string, ranges: readonly PositionRange[]): Promise<Uint8Array | null>;
}
