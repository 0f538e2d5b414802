import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer } from '../external-api.js';
import { UnreadableAnswerError } from './parse-response.ts';

/** Compiled, or as it stands beside this one. */
const ENTRY = new URL(`response-parser.worker${extname(import.meta.url)}`, import.meta.url);

/** What the thread is asked. */
export interface LongAnswer {
  readonly no: number;
  readonly body: Uint8Array;
  readonly id: bigint | null;
}

/** What it says: the answers, or what is wrong with them. */
export interface ReadAnswer {
  readonly no: number;
  readonly answers?: readonly Answer[];
  readonly problem?: string;
}

/** A thread that reads answers, one after the other. It does not keep the process from ending. */
export class AnswerThread {
  private readonly worker = new Worker(ENTRY);
  private readonly asked = new Map<number, PromiseWithResolvers<readonly Answer[]>>();
  private lastNo = 0;

  /** `onEnd`: it reads nothing any more. */
  constructor(onEnd: () => void) {
    this.worker.on('message', (said: ReadAnswer) => {
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
   * See `readAnswers`; `body` is handed over, and is empty afterwards.
   * @throws the signal's reason when it aborts.
   * @throws UnreadableAnswerError also when the answer ends the thread.
   */
  async read(
    body: Uint8Array<ArrayBuffer>,
    id: bigint | null,
    signal: AbortSignal,
  ): Promise<readonly Answer[]> {
    signal.throwIfAborted();
    const no = ++this.lastNo;
    const said = Promise.withResolvers<readonly Answer[]>();
    const giveUp = (): void => {
      said.reject(signal.reason);
    };
    this.asked.set(no, said);
    signal.addEventListener('abort', giveUp);
    try {
      this.worker.postMessage({ no, body, id } satisfies LongAnswer, [body.buffer]);
      return await said.promise;
    } finally {
      this.asked.delete(no);
      signal.removeEventListener('abort', giveUp);
    }
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private settle({ no, answers, problem }: ReadAnswer): void {
    const said = this.asked.get(no);
    if (answers === undefined) {
      said?.reject(new UnreadableAnswerError(problem));
    } else {
      said?.resolve(answers);
    }
  }

  private failAll(cause: Error): void {
    for (const said of this.asked.values()) {
      said.reject(new UnreadableAnswerError(`the answer cannot be read: ${cause.message}`, { cause }));
    }
  }
}
