import { UpstreamCallError, type UpstreamCall } from '../../external-api/external-api.js';
import type { ClaimedDispatch } from '../../domain/dispatch.js';
import type { PriorityQueue } from '../queue/priority-queue.js';
import type { Refusal } from '../queue/send-permissions.js';

const REFUSALS: Readonly<Record<Refusal, string>> = {
  outdated: 'the settings of the lane have changed since its claim',
  quiet_hours: 'the quiet hours of the lane have begun',
  closed: 'the lane is held by its upstream or paused',
};

/** Asks the queue for the send slot of one dispatch, and records when its call was sent. */
export class SendPermit {
  /** The reason why the call was not sent, for people; null if it was allowed. */
  refusal: string | null = null;
  /** True once a request of the dispatch was sent: then the dispatch is not refused as a whole any more. */
  private isSent = false;
  private isAsked = false;

  constructor(
    private readonly queue: Pick<
      PriorityQueue,
      'awaitSendSlot' | 'awaitFurtherSend' | 'recordSent' | 'refusalOf'
    >,
    private readonly dispatch: ClaimedDispatch,
  ) {}

  /** See `UpstreamCall.beforeSend`. */
  readonly beforeSend: NonNullable<UpstreamCall['beforeSend']> = async () => {
    await (this.isSent ? this.askAgain() : this.ask());
  };

  /** See `UpstreamCall.onSent`. */
  readonly onSent: NonNullable<UpstreamCall['onSent']> = () => {
    this.isSent = true;
    this.queue.recordSent(this.dispatch);
  };

  /** True if the call waited for its slot and nothing of it was sent. */
  get isUnsent(): boolean {
    return this.isAsked && !this.isSent;
  }

  private async ask(): Promise<void> {
    this.isAsked = true;
    this.refusal = 'the store did not say in time whether its slot is still its own';
    try {
      if (!(await this.queue.awaitSendSlot(this.dispatch))) {
        throw new Error(this.whyRefused('too late for its slot, and others took every later one'));
      }
    } catch (error) {
      this.refusal = error instanceof Error ? error.message : String(error);
      throw error;
    }
    this.refusal = null;
  }

  /** A request that is refused after another one was sent is not sent; the others go on. */
  private async askAgain(): Promise<void> {
    try {
      if (!(await this.queue.awaitFurtherSend(this.dispatch))) {
        throw new Error(this.whyRefused('too late, and the rules of the lane allow it only later'));
      }
    } catch (error) {
      throw new UpstreamCallError('network', `not sent: ${String(error)}`, false, {
        cause: error,
        isUnsent: true,
      });
    }
  }

  /** Returns the reason why a call was refused; `late` if nothing else is known. */
  private whyRefused(late: string): string {
    const refusal = this.queue.refusalOf(this.dispatch);
    return refusal === null ? late : REFUSALS[refusal];
  }
}
