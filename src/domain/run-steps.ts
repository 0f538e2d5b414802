import type { Runtime } from './runtime.js';

/**
 * Runs a step of the store until it returns anything but `more`, and returns that. Other requests get a turn of the event
 * loop after each step, because the embedded store resolves without I/O.
 */
export async function runSteps<S extends string>(
  runtime: Runtime,
  step: () => Promise<S | 'more'>,
): Promise<S> {
  for (;;) {
    const result = await step();
    await runtime.nextTurn();
    if (result !== 'more') {
      return result;
    }
  }
}
