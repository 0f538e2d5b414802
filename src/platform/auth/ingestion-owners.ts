/** Knows which client owns an ingestion. */
export abstract class IngestionOwners {
  /**
   * Resolves with the name of the client that submitted the ingestion; null if it was submitted without authentication,
   * or if the id is unknown.
   * @throws StoreUnavailableError
   */
  abstract ownerOf(ingestionId: string): Promise<string | null>;
}
