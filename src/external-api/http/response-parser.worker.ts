/** The entry of a {@link ResponseParserThread}, see `parse-response.ts`. */
import { parentPort } from 'node:worker_threads';
import type { ParseRequest, ParseReply } from './response-parser-thread.js';
import { parseResponse, MalformedResponseError } from './parse-response.ts';

parentPort?.on('message', ({ requestNo, body, id }: ParseRequest) => {
  parentPort?.postMessage({ requestNo, ...parse(body, id) } satisfies ParseReply);
});

function parse(body: Uint8Array, id: bigint | null): Omit<ParseReply, 'requestNo'> {
  try {
    return { results: parseResponse(body, id) };
  } catch (error) {
    if (error instanceof MalformedResponseError) {
      return { error: error.message };
    }
    throw error;
  }
}
