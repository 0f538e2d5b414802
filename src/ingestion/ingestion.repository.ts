import type {
  Acceptance,
  IngestionRecord,
  IngestionKey,
  IngestionPage,
  NewIngestion,
  IngestionCursor,
} from '../domain/ingestion.js';

/** Keeps ingestions. Every method throws `StoreUnavailableError` when the store cannot do it now. */
export abstract class IngestionRepository {
  /**
   * Accepts a group in its order, in one durable commit: when it resolves, all of it survives any crash.
   * When it rejects, none of it is kept. Answers stand in the order of the group.
   */
  abstract acceptAll(group: readonly NewIngestion[]): Promise<Acceptance[]>;

  /** Null when the id is unknown, whatever its form. Its cost does not grow with the ingestion. At once where it is at hand. */
  abstract findById(ingestionId: string): IngestionRecord | null | Promise<IngestionRecord | null>;

  /** Of each that is known, in any order. */
  abstract findMany(ingestionIds: readonly string[]): Promise<IngestionRecord[]>;

  /** The newest first: at most `limit` that came before that place, and at that wall time at the earliest. */
  abstract findPreceding(
    place: IngestionCursor,
    earliestMs: number,
    limit: number,
    client: string | null,
  ): Promise<IngestionRecord[]>;

  /** As {@link findById}, with the batches from number `from` on, `limit` of them at the most. */
  abstract findWithBatches(ingestionId: string, from: number, limit: number): Promise<IngestionPage | null>;

  /** The packed ids from position `first` on, `size` of them, which never change. Null when they were removed, or the ingestion is not of this history. */
  abstract readIds(ingestion: IngestionKey, first: number, size: number): Promise<Uint8Array | null>;
}
