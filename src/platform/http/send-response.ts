import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Request, Response } from 'express';
import type { LongResponseQueue } from './long-response-queue.js';

/**
 * The maximum number of responses that are compressed at the same time: each may use a thread of the pool,
 * which the fsync of acceptances needs too.
 */
export const MAX_COMPRESSED = 4;
let compressed = 0;
const END = { done: true, value: undefined } as const;

/**
 * Sends a text piece by piece, as fast as the client reads it: the next piece is made when the client has taken the
 * last one, and when it is the turn of this response (see `LongResponseQueue`). The text is compressed if the client
 * accepts that and fewer than 4 other responses are compressed.
 * @throws the error if the client disconnects or a piece cannot be created. The connection is then closed,
 * because a partial text must not look complete.
 */
export async function sendResponseText(
  request: Request,
  response: Response,
  pieces: AsyncIterable<string> | Iterable<string>,
  queue: LongResponseQueue,
): Promise<void> {
  response.vary('Accept-Encoding');
  const isCompressed = compressed < MAX_COMPRESSED && request.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (isCompressed) {
    response.setHeader('Content-Encoding', 'gzip');
  }
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const text = Readable.from(Symbol.asyncIterator in pieces ? inTurns(pieces, response, queue) : pieces);
  await (isCompressed ? pipeCompressed(text, response) : pipeline(text, response));
}

/** Makes each piece when it is its turn, and no further one when the client has disconnected. */
async function* inTurns(
  pieces: AsyncIterable<string>,
  response: Response,
  queue: LongResponseQueue,
): AsyncGenerator<string, void, undefined> {
  const source = pieces[Symbol.asyncIterator]();
  try {
    while (!response.destroyed) {
      const piece = await queue.run(() => (response.destroyed ? Promise.resolve(END) : source.next()));
      if (piece.done === true) {
        return;
      }
      yield piece.value;
    }
  } finally {
    await source.return?.();
  }
}

async function pipeCompressed(text: Readable, response: Response): Promise<void> {
  compressed += 1;
  try {
    await pipeline(text, createGzip(), response);
  } finally {
    compressed -= 1;
  }
}

/** Sends a JSON text directly, without the checks that Express makes first. */
export function sendJson(response: Response, text: string): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
