import type { AttemptError, Outcome } from '../../domain/dispatch.js';

/** An error of a lane and its time. */
export interface TimedError extends AttemptError {
  /** Wall time in ms. */
  readonly atMs: number;
}

/**
 * Remembers the last error of a lane's calls in this process. It includes errors that count as no attempt and are not
 * stored, for example an upstream that refuses connections.
 */
export class LastError {
  private latest: TimedError | null = null;

  /** The last error; null if no call of this process had one. */
  get value(): TimedError | null {
    return this.latest;
  }

  /** Remembers the first error among the outcomes of a dispatch, if any. */
  add(outcomes: readonly Outcome[], wallMs: number): void {
    for (const outcome of outcomes) {
      const error = errorOf(outcome);
      if (error !== undefined) {
        this.latest = { kind: error.kind, message: error.message, atMs: wallMs };
        return;
      }
    }
  }
}

function errorOf(outcome: Outcome): AttemptError | undefined {
  switch (outcome.kind) {
    case 'completed':
      return undefined;
    case 'postponed':
      return outcome.cause;
    case 'retry':
    case 'failed':
      return outcome.error;
  }
}
