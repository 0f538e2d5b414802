import { StoreUnavailableError } from '../domain/store-errors.js';

/** The ends of the wait of what runs together with others. */
export interface Waiting<R> {
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs what waits together in one piece of work, and ends each wait; `run` resolves with a result for each. If it fails, each
 * runs alone: one that the store refuses must not fail the others. If the store is away, all fail at once. Never rejects.
 */
export async function runTogether<T, R>(
  group: readonly (T & Waiting<R>)[],
  run: (group: readonly T[]) => Promise<readonly R[]>,
): Promise<void> {
  try {
    const results = await run(group);
    results.forEach((result, i) => {
      group[i]?.resolve(result);
    });
  } catch (error) {
    if (group.length === 1 || error instanceof StoreUnavailableError) {
      group.forEach(({ reject }) => {
        reject(error);
      });
    } else {
      for (const alone of group) {
        await runTogether([alone], run);
      }
    }
  }
}
