import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.js';

/** Who handed over a list so lately may hand over another one. */
export const LATELY_MS = 200;
export const LONGEST_REST_MS = 100;

/**
 * The rests of a list that arrives: while others hand over theirs it rests after each block for as long as the block took,
 * so that half of the event loop, and of the disk, is theirs.
 */
export class Rests {
  private submissionsSeen: number;
  private seenAtMs = -Infinity;

  constructor(
    private readonly others: { readonly submissions: number },
    private readonly clock: Clock,
    private readonly rest: (ms: number) => Promise<unknown> = sleep,
  ) {
    this.submissionsSeen = others.submissions;
  }

  /** After a block that was begun at `startMs` of the monotonic clock. */
  async take(startMs: number): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    if (this.others.submissions !== this.submissionsSeen) {
      this.submissionsSeen = this.others.submissions;
      this.seenAtMs = nowMs;
    }
    if (nowMs - this.seenAtMs < LATELY_MS) {
      await this.rest(Math.min(Math.ceil(nowMs - startMs), LONGEST_REST_MS));
    }
  }
}
