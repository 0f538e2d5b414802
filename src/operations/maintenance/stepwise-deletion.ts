import type { Runtime } from '../../domain/runtime.js';
import type { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import type { FailureLog } from '../../platform/logging/failure-log.js';

/** The pause between two steps, in which acceptances have the store for themselves. */
const PAUSE_BETWEEN_STEPS_MS = 20;

/** Deletes expired rows in small steps, until none is left or the service stops. */
export class StepwiseDeletion {
  private isDeleting = false;

  /** `what` names what is deleted, for the log. */
  constructor(
    private readonly what: string,
    private readonly failures: FailureLog,
    private readonly shutdownState: ShutdownState,
    private readonly runtime: Runtime,
  ) {}

  /** Repeats `step` while it resolves with true: more is left. Does nothing while it is already running; never rejects. */
  async run(step: () => Promise<boolean>): Promise<void> {
    if (this.isDeleting) {
      return;
    }
    this.isDeleting = true;
    try {
      while (!this.shutdownState.isShuttingDown && (await step())) {
        await this.runtime.sleep(PAUSE_BETWEEN_STEPS_MS);
      }
      this.failures.succeeded();
    } catch (error) {
      this.failures.failed(() => `${this.what} not deleted, trying again: ${String(error)}`);
    } finally {
      this.isDeleting = false;
    }
  }
}
