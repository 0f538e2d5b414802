import { WakeTimer } from './precise-timer.js';

/** Resolves after `ms`, as exactly as a {@link WakeTimer} rings; at once when that is zero or less. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0) {
      resolve();
    } else {
      new WakeTimer(resolve).set(ms);
    }
  });
}
