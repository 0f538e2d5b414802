import type {
  Acceptance,
  IngestionRecord,
  IngestionKey,
  IngestionPage,
  NewIngestion,
  IngestionCursor,
} from '../domain/ingestion.js';

/** Stores ingestions. Every method throws `StoreUnavailableError` if the store cannot do it now. */
export abstract class IngestionRepository {
  /**
   * Accepts a group in its order, in one durable commit. After it resolves, the whole group survives any crash; after
   * it rejects, nothing was stored. The results are in the order of the group.
   */
  abstract acceptAll(group: readonly NewIngestion[]): Promise<Acceptance[]>;

  /**
   * Returns null if the id is unknown or malformed. Its cost does not grow with the ingestion. Returns the record
   * without a promise if it is in memory.
   */
  abstract findById(ingestionId: string): IngestionRecord | null | Promise<IngestionRecord | null>;

  /** Returns all known ingestions of these ids, in any order. */
  abstract findMany(ingestionIds: readonly string[]): Promise<IngestionRecord[]>;

  /**
   * Returns at most `limit` ingestions, the newest first, that precede the cursor and were not accepted before that
   * wall time.
   */
  abstract findPreceding(
    place: IngestionCursor,
    earliestMs: number,
    limit: number,
    client: string | null,
  ): Promise<IngestionRecord[]>;

  /** Does the same as {@link findById} and adds up to `limit` batches from number `from` on. */
  abstract findWithBatches(ingestionId: string, from: number, limit: number): Promise<IngestionPage | null>;

  /**
   * Returns `size` packed ids from position `first` on; they never change. Returns null if the ingestion was removed or
   * its id does not match its number.
   */
  abstract readIds(ingestion: IngestionKey, first: number, size: number): Promise<Uint8Array | null>;
}
