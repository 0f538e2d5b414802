import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { AnswerMapper } from '../mapping/answer-mapper.js';
import type { MappedResponse } from '../mapping/mapped-response.js';
import { NO_ECHOES, type EchoPatterns } from './echo-redactor.ts';
import { ResponseParserThread } from './response-parser-thread.js';
import { UpstreamCallError, type UpstreamResult } from '../external-api.js';
import { MalformedResponseError } from '../json/malformed-response-error.ts';
import { parseResponse } from './parse-response.ts';
import { parseMappedResponse, type MappedRequest } from './parse-mapped-response.ts';

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
    return asCallErrors(async () => {
      if (body.length <= MIN_THREAD_BYTES) {
        return parseResponse(body, id, echoes);
      }
      const response = await this.openThread().parse({ body, id, echoes, mapped: null }, signal);
      return response.kind === 'results' ? response.results : [];
    });
  }

  /**
   * Runs `parseMappedResponse`. `body` may be empty afterwards.
   * @throws the signal's reason when it aborts.
   * @throws UpstreamCallError if the body cannot be parsed, or the mapping does not fit it.
   */
  async parseMapped(
    body: Buffer<ArrayBuffer>,
    mapper: AnswerMapper,
    { head, id }: MappedRequest,
    signal: AbortSignal,
    echoes: EchoPatterns = NO_ECHOES,
  ): Promise<MappedResponse> {
    return asCallErrors(async () =>
      body.length > MIN_THREAD_BYTES
        ? this.openThread().parse({ body, id, echoes, mapped: { head, settings: mapper.settings } }, signal)
        : parseMappedResponse(body, mapper, { head, id }, echoes),
    );
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

/** Turns the error of a response that cannot be read into that of a call. */
async function asCallErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MalformedResponseError) {
      throw new UpstreamCallError('bad_answer', error.message, false, { cause: error });
    }
    throw error;
  }
}
