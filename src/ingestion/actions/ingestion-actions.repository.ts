import type { Priority } from '../../domain/priority.js';

/**
 * What became of a step: `more` is to be taken again, `done` was the last one (or nothing was left to do); `over`: every
 * id has its outcome, or was dropped, and nothing can change any more.
 */
export type StepResult = 'done' | 'more' | 'over' | 'unknown';

/**
 * Changes what becomes of an ingestion that was accepted. Each method is one durable transaction, a step that moves
 * `limit` retries at the most, and may be taken again at any time. Every method throws `StoreUnavailableError`.
 */
export abstract class IngestionActionsRepository {
  /**
   * Drops what was never sent and what waits to be sent again. From its first step on, an id under way that fails is
   * not sent again: it counts as dropped, too.
   */
  abstract cancelStep(ingestionId: string, limit: number): Promise<StepResult>;

  /** Moves what was never sent, and what waits to be sent again, to its place in another priority. */
  abstract reprioritizeStep(ingestionId: string, priority: Priority, limit: number): Promise<StepResult>;
}
