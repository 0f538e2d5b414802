import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { UpstreamResult } from '../external-api.js';
import type { EchoPatterns } from './echo-redactor.ts';
import { MalformedResponseError } from './parse-response.ts';

/** The worker's file: compiled, or the source next to this file. */
const ENTRY = new URL(`response-parser.worker${extname(import.meta.url)}`, import.meta.url);

/** A message to the thread. */
export interface ParseRequest {
  readonly requestNo: number;
  readonly body: Uint8Array;
  readonly id: bigint | null;
  readonly echoes: EchoPatterns;
}

/** A message of the thread: the results, or the error. */
export interface ParseReply {
  readonly requestNo: number;
  readonly results?: readonly UpstreamResult[];
  readonly error?: string;
}

/** A thread that parses responses one after the other. It does not keep the process alive. */
export class ResponseParserThread {
  private readonly worker = new Worker(ENTRY);
  private readonly pending = new Map<number, PromiseWithResolvers<readonly UpstreamResult[]>>();
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
   * Runs `parseResponse` in the thread. `body` is transferred, and empty afterwards.
   * @throws the signal's reason when it aborts.
   * @throws MalformedResponseError also if the response ends the thread.
   */
  async parse(
    body: Uint8Array<ArrayBuffer>,
    id: bigint | null,
    signal: AbortSignal,
    echoes: EchoPatterns,
  ): Promise<readonly UpstreamResult[]> {
    signal.throwIfAborted();
    const requestNo = ++this.lastRequestNo;
    const result = Promise.withResolvers<readonly UpstreamResult[]>();
    const giveUp = (): void => {
      result.reject(signal.reason);
    };
    this.pending.set(requestNo, result);
    signal.addEventListener('abort', giveUp);
    try {
      this.worker.postMessage({ requestNo, body, id, echoes } satisfies ParseRequest, [body.buffer]);
      return await result.promise;
    } finally {
      this.pending.delete(requestNo);
      signal.removeEventListener('abort', giveUp);
    }
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private settle({ requestNo, results, error }: ParseReply): void {
    const pending = this.pending.get(requestNo);
    if (results === undefined) {
      pending?.reject(new MalformedResponseError(error));
    } else {
      pending?.resolve(results);
    }
  }

  private failAll(cause: Error): void {
    for (const pending of this.pending.values()) {
      pending.reject(new MalformedResponseError(`the answer cannot be read: ${cause.message}`, { cause }));
    }
  }
}
