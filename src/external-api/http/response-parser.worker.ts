/** The entry of a {@link ResponseParserThread}, see `parse-response.ts`. */
import { parentPort } from 'node:worker_threads';
import type { ParseRequest, ParseReply } from './response-parser-thread.js';
import { parseResponse, MalformedResponseError } from './parse-response.ts';

parentPort?.on('message', ({ requestNo, ...request }: ParseRequest) => {
  parentPort?.postMessage({ requestNo, ...parse(request) } satisfies ParseReply);
});

function parse({ body, id, echoes }: Omit<ParseRequest, 'requestNo'>): Omit<ParseReply, 'requestNo'> {
  try {
    return { results: parseResponse(body, id, echoes) };
  } catch (error) {
    if (error instanceof MalformedResponseError) {
      return { error: error.message };
    }
    throw error;
  }
}
