/** Deletes expired data. */
export abstract class RetentionRepository {
  /**
   * Deletes expired data in one small step: ingestions that finished more than `ageMs` ago, with all their
   * data, and dispatches. Resolves with true while there is more to delete.
   * @throws StoreUnavailableError
   */
  abstract deleteExpired(ageMs: number): Promise<boolean>;
}
