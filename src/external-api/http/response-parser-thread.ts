import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { UpstreamResult } from '../external-api.js';
import { MalformedResponseError } from './parse-response.ts';

/** Compiled, or as it stands beside this one. */
const ENTRY = new URL(`response-parser.worker${extname(import.meta.url)}`, import.meta.url);

/** What the thread is asked. */
export interface ParseRequest {
  readonly requestNo: number;
  readonly body: Uint8Array;
  readonly id: bigint | null;
}

/** What it says: the answers, or what is wrong with them. */
export interface ParseReply {
  readonly requestNo: number;
  readonly results?: readonly UpstreamResult[];
  readonly error?: string;
}

/** A thread that reads answers, one after the other. It does not keep the process from ending. */
export class ResponseParserThread {
  private readonly worker = new Worker(ENTRY);
  private readonly pending = new Map<number, PromiseWithResolvers<readonly UpstreamResult[]>>();
  private lastRequestNo = 0;

  /** `onEnd`: it reads nothing any more. */
  constructor(onEnd: () => void) {
    this.worker.on('message', (said: ParseReply) => {
      this.settle(said);
    });
    this.worker.on('error', (error: Error) => {
      onEnd();
      this.failAll(error);
    });
    this.worker.on('exit', () => {
      onEnd();
      this.failAll(new Error('its thread has ended'));
    });
    this.worker.unref(); // who listens to it holds it again
  }

  /**
   * See `parseResponse`; `body` is handed over, and is empty afterwards.
   * @throws the signal's reason when it aborts.
   * @throws MalformedResponseError also when the answer ends the thread.
   */
  async parse(
    body: Uint8Array<ArrayBuffer>,
    id: bigint | null,
    signal: AbortSignal,
  ): Promise<readonly UpstreamResult[]> {
    signal.throwIfAborted();
    const requestNo = ++this.lastRequestNo;
    const said = Promise.withResolvers<readonly UpstreamResult[]>();
    const giveUp = (): void => {
      said.reject(signal.reason);
    };
    this.pending.set(requestNo, said);
    signal.addEventListener('abort', giveUp);
    try {
      this.worker.postMessage({ requestNo, body, id } satisfies ParseRequest, [body.buffer]);
      return await said.promise;
    } finally {
      this.pending.delete(requestNo);
      signal.removeEventListener('abort', giveUp);
    }
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private settle({ requestNo, results, error }: ParseReply): void {
    const said = this.pending.get(requestNo);
    if (results === undefined) {
      said?.reject(new MalformedResponseError(error));
    } else {
      said?.resolve(results);
    }
  }

  private failAll(cause: Error): void {
    for (const said of this.pending.values()) {
      said.reject(new MalformedResponseError(`the answer cannot be read: ${cause.message}`, { cause }));
    }
  }
}
