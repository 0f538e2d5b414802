import type { UpstreamCall } from '../external-api.js';

/**
 * Shares one send slot between the requests of a dispatch: the first one that is ready to be written asks for
 * the slot, and the first one that is written reports it.
 */
export class SharedSendPermit {
  private granted: Promise<void> | undefined;
  private isOpen = false;
  private isReported = false;

  constructor(private readonly call: UpstreamCall) {}

  /** See `UpstreamCall.beforeSend`. Requests that are ready before the first one is sent share its permission. */
  async beforeSend(): Promise<void> {
    if (this.isReported) {
      await this.call.beforeSend?.();
    } else {
      this.granted ??= this.ask();
      await this.granted;
    }
  }

  /** Call it when a request was allowed but could not be sent. If none has been sent, the next one asks again. */
  missed(): void {
    if (this.isOpen && !this.isReported) {
      this.granted = undefined;
      this.isOpen = false;
    }
  }

  /** See `UpstreamCall.onSent`. */
  onSent(): void {
    if (!this.isReported || this.call.asksForEach === true) {
      this.isReported = true;
      this.call.onSent?.();
    }
  }

  private async ask(): Promise<void> {
    await this.call.beforeSend?.();
    this.isOpen = true;
  }
}
