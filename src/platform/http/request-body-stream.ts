import { PassThrough, type Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import type { Request } from 'express';
import { ProblemDetailsError } from './problem-details.js';

/** A client that sends nothing for this time is disconnected. */
const IDLE_TIMEOUT_MS = 30_000;
/**
 * A client that is still sending when its response is ready may miss the response if the connection is
 * closed. The request is read for this much longer.
 */
const DRAIN_TIMEOUT_MS = 2000;
const CHUNK_BYTES = 16_384;

/**
 * Returns the body of a request, decompressed, chunk by chunk as fast as it is consumed. A chunk is valid
 * until the next one is requested.
 * @throws ProblemDetailsError 415 for a Content-Encoding other than gzip, before anything is read; while
 * reading, 400 if the body is corrupt or truncated, 408 if the client sends nothing more, and the reason of
 * `signal` once it is aborted.
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
      body.destroy(new ProblemDetailsError(400, 'the body ended before it was complete'));
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
    for await (const chunk of body) {
      yield chunk as Uint8Array;
      freeBuffer(chunk as Uint8Array);
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
 * Frees a chunk that owns its memory. The garbage collector checks memory outside its heap only from time to
 * time, so the chunks of a long body would accumulate.
 */
function freeBuffer({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) {
    buffer.transfer(0);
  }
}

/** Reads and discards the rest of a request, so that the client can read its response. */
export async function drainRequest(request: Request): Promise<void> {
  if (request.complete || request.destroyed) {
    return;
  }
  request.resume();
  const raceEnd = new AbortController();
  const { signal } = raceEnd;
  await Promise.race([
    once(request, 'close', { signal }),
    once(request, 'end', { signal }),
    sleep(DRAIN_TIMEOUT_MS, undefined, { signal }),
  ])
    .catch(() => undefined) // the request was aborted: no client waits for a response
    .finally(() => {
      raceEnd.abort();
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
