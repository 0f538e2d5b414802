import type { ExternalCall } from '../external-api/external-api.js';
import type { ClaimedDispatch } from './dispatch.js';
import type { PriorityQueue } from './priority-queue.js';

/** Asks, for one dispatch, whether its call may still leave, and tells when it did. */
export class Departure {
  /** The call was not allowed to leave: nothing was sent. */
  isRefused = false;

  constructor(
    private readonly queue: PriorityQueue,
    private readonly dispatch: ClaimedDispatch,
  ) {}

  /** See `ExternalCall.leave`. */
  readonly leave: NonNullable<ExternalCall['leave']> = async () => {
    this.isRefused = true; // also while it is not known, and where the store cannot tell
    if (!(await this.queue.mayLeave(this.dispatch))) {
      throw new Error('others took every slot meanwhile');
    }
    this.isRefused = false;
  };

  /** See `ExternalCall.left`. */
  readonly left: NonNullable<ExternalCall['left']> = () => {
    this.queue.callLeft(this.dispatch);
  };
}
