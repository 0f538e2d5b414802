import type { UpstreamCall } from '../external-api.js';

/**
 * The requests of one call leave as one: the first that is about to be written asks for all, and the first that is
 * written tells.
 */
export class SharedSendPermit {
  private granted: Promise<void> | undefined;
  private isOpen = false;
  private isReported = false;

  constructor(private readonly call: UpstreamCall) {}

  /** See `UpstreamCall.beforeSend`. Once the first request has left, the others may as well. */
  async beforeSend(): Promise<void> {
    if (!this.isReported) {
      this.granted ??= this.ask();
      await this.granted;
    }
  }

  /** A request could not leave although it might: while none has left, the next one asks anew. */
  missed(): void {
    if (this.isOpen && !this.isReported) {
      this.granted = undefined;
      this.isOpen = false;
    }
  }

  /** See `UpstreamCall.onSent`. */
  onSent(): void {
    if (!this.isReported) {
      this.isReported = true;
      this.call.onSent?.();
    }
  }

  private async ask(): Promise<void> {
    await this.call.beforeSend?.();
    this.isOpen = true;
  }
}
