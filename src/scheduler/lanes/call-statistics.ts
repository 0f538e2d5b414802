import { MovingAverage } from '../pacing/moving-average.js';

/** Number of calls in the mean duration; it is small, because durations can change quickly. */
const CALL_WINDOW = 8;
/** Number of dispatches in the share of retries; with fewer, chance would change the share too much. */
const DISPATCH_WINDOW = 64;
/** Number of dispatches without a retry that the share starts with. */
const CLEAN_DISPATCHES = 7;

/** A dispatch whose outcome is recorded. */
interface CallObservation {
  readonly ids: number;
  /** Number of ids that are retried. */
  readonly retried: number;
  readonly callMs: number;
}

/** Statistics of a lane's recent calls in this process. */
export class CallStatistics {
  private readonly durationMs = new MovingAverage(CALL_WINDOW);
  private readonly retried = new MovingAverage(DISPATCH_WINDOW, CLEAN_DISPATCHES);

  /** Mean duration of a call; 0 until the first call has ended. */
  get callMs(): number {
    return this.durationMs.value;
  }

  /** Share of the ids that were retried, from 0 to 1. */
  get retryShare(): number {
    return this.retried.value;
  }

  add({ ids, retried, callMs }: CallObservation): void {
    this.durationMs.add(callMs);
    this.retried.add(retried / ids);
  }
}
