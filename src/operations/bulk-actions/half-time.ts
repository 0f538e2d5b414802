import type { Runtime } from '../../domain/runtime.js';

/** Acts go on without a pause for this time: a pause after each would take longer than the acts. */
const MIN_WORK_MS = 4;

/** Runs acts for half of the time: after some, a pause is as long as they were, so that other work goes on. */
export class HalfTime {
  private workedMs = 0;

  constructor(private readonly runtime: Runtime) {}

  async around<T>(act: () => Promise<T>): Promise<T> {
    const startedAt = this.runtime.monotonicMs();
    const result = await act();
    this.workedMs += this.runtime.monotonicMs() - startedAt;
    if (this.workedMs >= MIN_WORK_MS) {
      const pauseMs = this.workedMs;
      this.workedMs = 0;
      await this.runtime.sleep(pauseMs);
    }
    return result;
  }
}
