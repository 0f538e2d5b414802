import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { NO_ECHOES, type EchoPatterns } from './echo-redactor.ts';
import { ResponseParserThread } from './response-parser-thread.js';
import { UpstreamCallError, type UpstreamResult } from '../external-api.js';
import { parseResponse, MalformedResponseError } from './parse-response.ts';

/** Longer responses would block the event loop. */
const MIN_THREAD_BYTES = 65_536;

/** Parses the responses of all upstreams: short ones at once, long ones in a thread. */
@Injectable()
export class ResponseParser implements OnApplicationShutdown {
  private thread: ResponseParserThread | null = null;

  /**
   * Runs `parseResponse`. `body` may be empty afterwards.
   * @throws the signal's reason when it aborts.
   * @throws UpstreamCallError if the body cannot be parsed.
   */
  async parse(
    body: Buffer<ArrayBuffer>,
    id: bigint | null,
    signal: AbortSignal,
    echoes: EchoPatterns = NO_ECHOES,
  ): Promise<readonly UpstreamResult[]> {
    try {
      return body.length > MIN_THREAD_BYTES
        ? await this.openThread().parse(body, id, signal, echoes)
        : parseResponse(body, id, echoes);
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

  /**
   * Returns the thread. It is replaced if it has ended, for example because a response did not fit into its
   * memory.
   */
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
