import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ResponseParserThread } from './response-parser-thread.js';
import { UpstreamCallError, type UpstreamResult } from '../external-api.js';
import { parseResponse, MalformedResponseError } from './parse-response.ts';

/** What is longer would hold the event loop. */
const MIN_THREAD_BYTES = 65_536;

/** Reads the answers of all upstreams: short ones at once, long ones in a thread beside the event loop. */
@Injectable()
export class ResponseParser implements OnApplicationShutdown {
  private thread: ResponseParserThread | null = null;

  /**
   * See `parseResponse`; `body` may be empty afterwards.
   * @throws the signal's reason when it aborts.
   * @throws UpstreamCallError where nothing can be made of the body.
   */
  async parse(
    body: Buffer<ArrayBuffer>,
    id: bigint | null,
    signal: AbortSignal,
  ): Promise<readonly UpstreamResult[]> {
    try {
      return body.length > MIN_THREAD_BYTES
        ? await this.openThread().parse(body, id, signal)
        : parseResponse(body, id);
    } catch (error) {
      if (error instanceof MalformedResponseError) {
        throw new UpstreamCallError('bad_answer', error.message, false, { cause: error });
      }
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.thread?.end();
  }

  /** A thread that has ended, by an answer that it could not hold, is followed by another. */
  private openThread(): ResponseParserThread {
    if (this.thread === null) {
      const thread = new ResponseParserThread(() => {
        this.thread = this.thread === thread ? null : this.thread;
      });
      this.thread = thread;
    }
    return this.thread;
  }
}
