import { MovingAverage } from '../pacing/moving-average.js';

/** How long calls take may change from one to the next. */
const CALL_WINDOW = 8;
/** Chance moves a share of fewer too much. */
const DISPATCH_WINDOW = 64;
/** Before any, so many without a retry are taken for granted. */
const CLEAN_DISPATCHES = 7;

/** A dispatch whose outcome is recorded. */
interface CallObservation {
  readonly ids: number;
  /** Ids that are to be sent again. */
  readonly retried: number;
  readonly callMs: number;
}

/** How the calls of a lane went lately, in this process. */
export class CallStatistics {
  private readonly durationMs = new MovingAverage(CALL_WINDOW);
  private readonly retried = new MovingAverage(DISPATCH_WINDOW, CLEAN_DISPATCHES);

  /** How long a call takes; 0 as long as none has ended. */
  get callMs(): number {
    return this.durationMs.value;
  }

  /** The share of ids that were to be sent again. */
  get retryShare(): number {
    return this.retried.value;
  }

  add({ ids, retried, callMs }: CallObservation): void {
    this.durationMs.add(callMs);
    this.retried.add(retried / ids);
  }
}
