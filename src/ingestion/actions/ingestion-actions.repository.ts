import type { Priority } from '../../domain/priority.js';

/**
 * The result of one step. `more`: run the step again. `done`: this was the last step, or nothing was left to do.
 * `over`: every id has its outcome or was dropped, so nothing can change. `unknown`: there is no such ingestion.
 */
export type StepResult = 'done' | 'more' | 'over' | 'unknown';

/**
 * Cancels and reprioritizes accepted ingestions. Each method is one durable transaction, a step that moves at most
 * `limit` retries; it may be repeated at any time. Every method throws `StoreUnavailableError`.
 */
export abstract class IngestionActionsRepository {
  /**
   * Drops the ids that were never sent and the pending retries. From the first step on, an id in flight that fails is
   * not retried: it counts as dropped too.
   */
  abstract cancelStep(ingestionId: string, limit: number): Promise<StepResult>;

  /** Moves the ids that were never sent and the pending retries to their position in another priority. */
  abstract reprioritizeStep(ingestionId: string, priority: Priority, limit: number): Promise<StepResult>;
}
