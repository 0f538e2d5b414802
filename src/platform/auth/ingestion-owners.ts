/** Knows which client owns an ingestion. */
export abstract class IngestionOwners {
  /**
   * The name of the client that handed the ingestion over; null where that was accepted without authentication, or the
   * id is unknown.
   * @throws StoreUnavailableError
   */
  abstract ownerOf(ingestionId: string): Promise<string | null>;
}
