import { PreciseTimer } from './precise-timer.js';

/** Resolves after `ms`, as exactly as a {@link PreciseTimer} rings; at once when that is zero or less. */
export function preciseSleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0) {
      resolve();
    } else {
      new PreciseTimer(resolve).set(ms);
    }
  });
}
