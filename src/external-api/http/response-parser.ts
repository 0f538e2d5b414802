import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AnswerThread } from './response-parser-thread.js';
import { CallFailedError, type Answer } from '../external-api.js';
import { readAnswers, UnreadableAnswerError } from './parse-response.ts';

/** What is longer would hold the event loop. */
const LONG_BYTES = 65_536;

/** Reads the answers of all upstreams: short ones at once, long ones in a thread beside the event loop. */
@Injectable()
export class AnswerReader implements OnApplicationShutdown {
  private thread: AnswerThread | null = null;

  /**
   * See `readAnswers`; `body` may be empty afterwards.
   * @throws the signal's reason when it aborts.
   * @throws CallFailedError where nothing can be made of the body.
   */
  async read(body: Buffer<ArrayBuffer>, id: bigint | null, signal: AbortSignal): Promise<readonly Answer[]> {
    try {
      return body.length > LONG_BYTES
        ? await this.openThread().read(body, id, signal)
        : readAnswers(body, id);
    } catch (error) {
      if (error instanceof UnreadableAnswerError) {
        throw new CallFailedError('bad_answer', error.message, false, { cause: error });
      }
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.thread?.end();
  }

  /** A thread that has ended, by an answer that it could not hold, is followed by another. */
  private openThread(): AnswerThread {
    if (this.thread === null) {
      const thread = new AnswerThread(() => {
        this.thread = this.thread === thread ? null : this.thread;
      });
      this.thread = thread;
    }
    return this.thread;
  }
}
