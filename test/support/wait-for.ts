import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

const MIN_INTERVAL_MS = 10;
/** A poll takes some milliseconds of the processor, which other test files need while this one waits for seconds. */
const MAX_INTERVAL_MS = 50;
/** Part of the time waited so far by which the end may be seen late. */
const LATENESS = 0.05;
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
  const begunAtMs = performance.now();
  for (;;) {
    const answer = await ask();
    if (isReached(answer)) {
      return answer;
    }
    const waitedMs = performance.now() - begunAtMs;
    if (waitedMs > LIMIT_MS) {
      throw new Error(`waited ${String(LIMIT_MS / 1000)} s for ${what}; last seen: ${inspect(answer)}`);
    }
    await sleep(Math.min(Math.max(MIN_INTERVAL_MS, waitedMs * LATENESS), MAX_INTERVAL_MS));
  }
}
