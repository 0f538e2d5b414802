import type { UpstreamCall } from '../../external-api/external-api.js';
import type { ClaimedDispatch } from '../../domain/dispatch.js';
import type { PriorityQueue } from '../queue/priority-queue.js';

/** Asks the queue for the send slot of one dispatch, and records when its call was sent. */
export class SendPermit {
  /** The reason why the call was not sent, for people; null if it was allowed. */
  refusal: string | null = null;

  constructor(
    private readonly queue: Pick<PriorityQueue, 'awaitSendSlot' | 'recordSent'>,
    private readonly dispatch: ClaimedDispatch,
  ) {}

  /** See `UpstreamCall.beforeSend`. */
  readonly beforeSend: NonNullable<UpstreamCall['beforeSend']> = async () => {
    this.refusal = 'the store did not say in time whether its slot is still its own';
    try {
      if (!(await this.queue.awaitSendSlot(this.dispatch))) {
        throw new Error('too late for its slot, and others took every later one');
      }
    } catch (error) {
      this.refusal = error instanceof Error ? error.message : String(error);
      throw error;
    }
    this.refusal = null;
  };

  /** See `UpstreamCall.onSent`. */
  readonly onSent: NonNullable<UpstreamCall['onSent']> = () => {
    this.queue.recordSent(this.dispatch);
  };
}
