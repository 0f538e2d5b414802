import type { Acceptance, IngestionHead, IngestionSnapshot, NewIngestion } from './ingestion.js';

/** Keeps ingestions. Every method throws `StoreUnavailableError` when the store cannot do it now. */
export abstract class IngestionRepository {
  /**
   * Accepts a group in its order, in one durable commit: when it resolves, all of it survives any crash.
   * When it rejects, none of it is kept. Answers stand in the order of the group.
   */
  abstract acceptAll(group: readonly NewIngestion[]): Promise<Acceptance[]>;

  /** Null when the id is unknown, whatever its form. */
  abstract find(ingestionId: string): Promise<IngestionSnapshot | null>;

  /** As {@link find}, without ids and batches: its cost does not grow with the ingestion. */
  abstract findHead(ingestionId: string): Promise<IngestionHead | null>;
}
