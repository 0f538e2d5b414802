import type { AttemptErrorKind } from '../../domain/dispatch.js';
import type { ResultChunk } from '../../domain/result-chunk.js';

/** Some positions of an ingestion: from `from` on, those before `to`. */
export interface PositionRange {
  readonly seq: number;
  readonly from: number;
  readonly to: number;
}

/** An id that gave up. */
export interface FailedId {
  readonly position: number;
  readonly kind: AttemptErrorKind;
  readonly message: string;
}

/** What came of each id. Every method throws `StoreUnavailableError` when the store cannot do it now. */
export abstract class ResultRepository {
  /**
   * The runs of a stretch in order, `limit` of them at the most and none behind `maxBytes`, but at least one where there
   * is one. The first may begin, and the last end, outside of the stretch.
   */
  abstract chunks(positionRange: PositionRange, limit: number, maxBytes: number): Promise<ResultChunk[]>;

  /** Those of a stretch that gave up, in order, `limit` of them at the most. */
  abstract failures(positionRange: PositionRange, limit: number): Promise<FailedId[]>;

  /** The packed ids of some stretches of one ingestion, one after the other. Null when it was removed, or is not of this history. */
  abstract readIds(ingestionId: string, stretches: readonly PositionRange[]): Promise<Uint8Array | null>;
}
