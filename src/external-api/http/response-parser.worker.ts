/** What an {@link AnswerThread} runs, see `parse-response.ts`. */
import { parentPort } from 'node:worker_threads';
import type { LongAnswer, ReadAnswer } from './response-parser-thread.js';
import { readAnswers, UnreadableAnswerError } from './parse-response.ts';

parentPort?.on('message', ({ no, body, id }: LongAnswer) => {
  parentPort?.postMessage({ no, ...read(body, id) } satisfies ReadAnswer);
});

function read(body: Uint8Array, id: bigint | null): Omit<ReadAnswer, 'no'> {
  try {
    return { answers: readAnswers(body, id) };
  } catch (error) {
    if (error instanceof UnreadableAnswerError) {
      return { problem: error.message };
    }
    throw error;
  }
}
