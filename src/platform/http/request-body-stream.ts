import { PassThrough, type Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import type { Request } from 'express';
import { ProblemDetailsError } from './problem-details.js';

/** A client that sends nothing for so long is given up. */
const IDLE_TIMEOUT_MS = 30_000;
/** A client that still sends when its answer is known may miss it if the connection is cut: so long it is read on. */
const DRAIN_TIMEOUT_MS = 2000;
const CHUNK_BYTES = 16_384;

/**
 * The body of a request, unpacked, piece by piece as it comes and as fast as it is taken. A piece is good until the next
 * one is asked for.
 * @throws ProblemDetailsError 415 for a Content-Encoding other than gzip, before anything is read; while reading, 400 for
 * one that is broken or cut off, 408 for a client that sends nothing more, and `signal`'s reason once it is aborted.
 */
export function readBodyStream(
  request: Request,
  { signal, idleMs = IDLE_TIMEOUT_MS }: { readonly signal: AbortSignal; readonly idleMs?: number },
): AsyncGenerator<Uint8Array, void> {
  const body = decompressorFor(request);
  return readChunks(request, body, signal, idleMs);
}

async function* readChunks(
  request: Request,
  body: Transform,
  signal: AbortSignal,
  idleMs: number,
): AsyncGenerator<Uint8Array, void> {
  const onGone = (): void => {
    if (!request.complete) {
      body.destroy(new ProblemDetailsError(400, 'the body ended before it was whole'));
    }
  };
  const onAbort = (): void => {
    body.destroy(signal.reason as Error);
  };
  const idle = setTimeout(() => {
    body.destroy(new ProblemDetailsError(408, `nothing came for ${String(idleMs / 1000)} s`));
  }, idleMs);
  request.on('error', onGone).on('close', onGone);
  signal.addEventListener('abort', onAbort);
  request.pipe(body);
  try {
    for await (const piece of body) {
      yield piece as Uint8Array;
      freeBuffer(piece as Uint8Array);
      idle.refresh();
    }
  } catch (error) {
    throw isBrokenGzip(error)
      ? new ProblemDetailsError(400, `the body is not valid gzip: ${error.message}`)
      : error;
  } finally {
    clearTimeout(idle);
    request.off('error', onGone).off('close', onGone);
    signal.removeEventListener('abort', onAbort);
    request.unpipe(body);
    body.destroy();
  }
}

/**
 * Frees a piece that has its memory for itself. Left to the collector, which looks at what lies outside its own heap only
 * from time to time, the pieces of a long body would stand side by side.
 */
function freeBuffer({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) {
    buffer.transfer(0);
  }
}

/** Lets a client that has not sent all of it get as far as to read its answer. */
export async function drainRequest(request: Request): Promise<void> {
  if (request.complete || request.destroyed) {
    return;
  }
  request.resume();
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([
    once(request, 'close', { signal }),
    once(request, 'end', { signal }),
    sleep(DRAIN_TIMEOUT_MS, undefined, { signal }),
  ])
    .catch(() => undefined) // it broke: nobody waits for an answer
    .finally(() => {
      over.abort();
    });
}

function decompressorFor(request: Request): Transform {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'gzip' || encoding === 'x-gzip') {
    return createGunzip({ chunkSize: CHUNK_BYTES });
  }
  if (encoding !== 'identity') {
    throw new ProblemDetailsError(415, 'Content-Encoding must be gzip or none', [], {
      'Accept-Encoding': 'gzip, identity',
    });
  }
  return new PassThrough({ highWaterMark: CHUNK_BYTES });
}

function isBrokenGzip(error: unknown): error is Error {
  return Error.isError(error) && 'code' in error && String(error.code).startsWith('Z_');
}
