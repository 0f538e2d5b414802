import type { Runtime } from '../../domain/runtime.js';
import { PreciseTimer } from './precise-timer.js';

/** Resolves after `ms`, with the precision of a {@link PreciseTimer}; at once if `ms` is zero or less. */
export function preciseSleep(runtime: Runtime, ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0) {
      resolve();
    } else {
      new PreciseTimer(runtime, resolve).set(ms);
    }
  });
}
