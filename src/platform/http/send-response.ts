import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Request, Response } from 'express';

/** Answers that are compressed at a time: each may hold a thread of the pool, which the flush of acceptances needs too. */
const MAX_COMPRESSED = 4;
let compressed = 0;

/**
 * Sends a text piece by piece, made as fast as the client reads, compressed where it takes that and fewer than 4
 * others are. Rejects where the client goes away or the text cannot be made to its end: the connection is then cut, for
 * half a text must not look like a whole one.
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

/** Sends a JSON text that is at hand, without what a framework would find out about it first. */
export function sendJson(response: Response, text: string): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
