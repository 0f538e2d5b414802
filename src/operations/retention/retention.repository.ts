/** Forgets what is over. */
export abstract class RetentionRepository {
  /**
   * Removes one small step of what ended longer than `ageMs` ago: some finished ingestions with all that belongs to
   * them, and dispatches. Resolves true while there is more to remove.
   * @throws StoreUnavailableError
   */
  abstract deleteExpired(ageMs: number): Promise<boolean>;
}
