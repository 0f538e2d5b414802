import type { Runtime } from '../../domain/runtime.js';

const MIN_PAUSE_MS = 2;

/** Runs acts for half of the time: the pause after each is as long as the act was, so that other work goes on. */
export class HalfTime {
  constructor(private readonly runtime: Runtime) {}

  async around<T>(act: () => Promise<T>): Promise<T> {
    const startedAt = this.runtime.monotonicMs();
    const result = await act();
    await this.runtime.sleep(Math.max(this.runtime.monotonicMs() - startedAt, MIN_PAUSE_MS));
    return result;
  }
}
