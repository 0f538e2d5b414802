import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { AnswerSettings } from '../mapping/answer-settings.js';
import type { MappedResponse, ResponseHead } from '../mapping/mapped-response.js';
import type { EchoPatterns } from './echo-redactor.ts';
import { MalformedResponseError } from '../json/malformed-response-error.ts';

/** The worker's file: compiled, or the source next to this file. */
const ENTRY = new URL(`response-parser.worker${extname(import.meta.url)}`, import.meta.url);

/** A response to parse. */
export interface ParseTask {
  readonly body: Uint8Array<ArrayBuffer>;
  /** The id that the response is about; null if it is a list of results. */
  readonly id: bigint | null;
  readonly echoes: EchoPatterns;
  /** The mapping of the lane, as plain data; null if it has none. */
  readonly mapped: { readonly settings: AnswerSettings; readonly head: ResponseHead } | null;
}

/** A message to the thread. */
export interface ParseRequest extends ParseTask {
  readonly requestNo: number;
}

/** A message of the thread: what the response means, or the error. */
export interface ParseReply {
  readonly requestNo: number;
  readonly response?: MappedResponse;
  readonly error?: string;
}

/** A thread that parses responses one after the other. It does not keep the process alive. */
export class ResponseParserThread {
  private readonly worker = new Worker(ENTRY);
  private readonly pending = new Map<number, PromiseWithResolvers<MappedResponse>>();
  private lastRequestNo = 0;

  /** `onEnd` is called when the thread has ended. */
  constructor(onEnd: () => void) {
    this.worker.on('message', (reply: ParseReply) => {
      this.settle(reply);
    });
    this.worker.on('error', (error: Error) => {
      onEnd();
      this.failAll(error);
    });
    this.worker.on('exit', () => {
      onEnd();
      this.failAll(new Error('the parser thread has ended'));
    });
    this.worker.unref(); // a listener would keep the process alive
  }

  /**
   * Runs `parseResponse` or `parseMappedResponse` in the thread. The body is transferred, and empty afterwards.
   * @throws the signal's reason when it aborts.
   * @throws MalformedResponseError also if the response ends the thread.
   */
  async parse(task: ParseTask, signal: AbortSignal): Promise<MappedResponse> {
    signal.throwIfAborted();
    const requestNo = ++this.lastRequestNo;
    const result = Promise.withResolvers<MappedResponse>();
    const giveUp = (): void => {
      result.reject(signal.reason);
    };
    this.pending.set(requestNo, result);
    signal.addEventListener('abort', giveUp);
    try {
      this.worker.postMessage({ requestNo, ...task } satisfies ParseRequest, [task.body.buffer]);
      return await result.promise;
    } finally {
      this.pending.delete(requestNo);
      signal.removeEventListener('abort', giveUp);
    }
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private settle({ requestNo, response, error }: ParseReply): void {
    const pending = this.pending.get(requestNo);
    if (response === undefined) {
      pending?.reject(new MalformedResponseError(error ?? 'the answer cannot be read'));
    } else {
      pending?.resolve(response);
    }
  }

  private failAll(cause: Error): void {
    for (const pending of this.pending.values()) {
      pending.reject(new MalformedResponseError(`the answer cannot be read: ${cause.message}`, { cause }));
    }
  }
}
