import type { ExternalCall } from '../external-api.js';

/**
 * The requests of one call leave as one: the first that is about to be written asks for all, and the first that is
 * written tells.
 */
export class SharedDeparture {
  private asked: Promise<void> | undefined;
  private isOpen = false;
  private hasTold = false;

  constructor(private readonly call: ExternalCall) {}

  /** See `ExternalCall.leave`. Once the first request has left, the others may as well. */
  async leave(): Promise<void> {
    if (!this.hasTold) {
      this.asked ??= this.ask();
      await this.asked;
    }
  }

  /** A request could not leave although it might: while none has left, the next one asks anew. */
  missed(): void {
    if (this.isOpen && !this.hasTold) {
      this.asked = undefined;
      this.isOpen = false;
    }
  }

  /** See `ExternalCall.left`. */
  left(): void {
    if (!this.hasTold) {
      this.hasTold = true;
      this.call.left?.();
    }
  }

  private async ask(): Promise<void> {
    await this.call.leave?.();
    this.isOpen = true;
  }
}
