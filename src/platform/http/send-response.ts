import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Request, Response } from 'express';

/**
 * The maximum number of responses that are compressed at the same time: each may use a thread of the pool,
 * which the fsync of acceptances needs too.
 */
const MAX_COMPRESSED = 4;
let compressed = 0;

/**
 * Sends a text piece by piece, as fast as the client reads it. It is compressed if the client accepts that
 * and fewer than 4 other responses are compressed.
 * @throws the error if the client disconnects or a piece cannot be created. The connection is then closed,
 * because a partial text must not look complete.
 */
export async function sendResponseText(
  request: Request,
  response: Response,
  pieces: AsyncIterable<string> | Iterable<string>,
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
  const text = Readable.from(pieces);
  await (isCompressed ? pipeCompressed(text, response) : pipeline(text, response));
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
