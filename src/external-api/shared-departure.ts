import type { ExternalCall } from './external-api.js';

/**
 * The requests of one call leave as one: the first that is about to be written asks for all, and the first that is
 * written tells.
 */
export class SharedDeparture {
  private asked: Promise<void> | undefined;
  private hasTold = false;

  constructor(private readonly call: ExternalCall) {}

  /** See `ExternalCall.leave`. */
  leave(): Promise<void> {
    this.asked ??= this.call.leave?.() ?? Promise.resolve();
    return this.asked;
  }

  /** See `ExternalCall.left`. */
  left(): void {
    if (!this.hasTold) {
      this.hasTold = true;
      this.call.left?.();
    }
  }
}
