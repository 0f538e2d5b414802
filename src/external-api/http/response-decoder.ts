import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { UpstreamCallError } from '../external-api.js';

/** The value of `Accept-Encoding`. */
export const ACCEPTED_ENCODINGS = 'gzip, br';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Reads and decodes the whole body of a response. `maxBytes` limits the decoded size, so a small body that
 * decompresses endlessly is rejected too.
 * @throws UpstreamCallError if the body is too large, or not in its declared encoding.
 */
export async function readDecodedBody(
  body: Readable,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw new UpstreamCallError('bad_answer', `the answer is larger than ${String(maxBytes)} bytes`);
      }
      chunks.push(chunk);
    }
  };
  const decoder = decoderFor(encoding);
  await (decoder === null ? collect(body) : pipeline(body, decoder, collect));
  return Buffer.concat(chunks);
}

function decoderFor(encoding = 'identity'): Transform | null {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') {
    return null;
  }
  const create = DECODERS[name];
  if (create === undefined) {
    throw new UpstreamCallError('bad_answer', 'the answer has an encoding that was not asked for');
  }
  return create();
}
