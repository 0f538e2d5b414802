import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

const POLL_INTERVAL_MS = 10;
/** The time limit, below Jest's for a test (30 s), so that the failure names the condition. */
const LIMIT_MS = 25_000;

/**
 * Polls `ask` until `isReached` holds for its answer, and resolves with that answer. Without `isReached` the
 * answer itself must be true.
 * @throws Error that names `what` and the last answer if the time limit passes.
 */
export function waitFor<T>(what: string, ask: () => T | Promise<T>): Promise<NonNullable<T>>;
export function waitFor<T>(
  what: string,
  ask: () => T | Promise<T>,
  isReached: (answer: T) => boolean,
): Promise<T>;
export async function waitFor<T>(
  what: string,
  ask: () => T | Promise<T>,
  isReached: (answer: T) => boolean = Boolean,
): Promise<T> {
  const endMs = performance.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (isReached(answer)) {
      return answer;
    }
    if (performance.now() > endMs) {
      throw new Error(`waited ${String(LIMIT_MS / 1000)} s for ${what}; last seen: ${inspect(answer)}`);
    }
    await sleep(POLL_INTERVAL_MS);
  }
}
