import { PassThrough } from 'node:stream';
import { once } from 'node:events';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { Request } from 'express';
import { ProblemDetailsError } from './problem-details.js';
import type { Runtime } from '../../domain/runtime.js';

/** A client that sends nothing for this time is disconnected. */
export const IDLE_TIMEOUT_MS = 30_000;
/**
 * A client that is still sending when its response is ready may miss the response if the connection is
 * closed. The request is read for this much longer.
 */
const DRAIN_TIMEOUT_MS = 2000;
const CHUNK_BYTES = 16_384;
/** Bytes of a body that are read ahead. The service can only see the end of a connection after all it sent before. */
const READ_AHEAD = { writableHighWaterMark: 131_072 };
/** The most bytes that a compressed body may unpack to, for each byte that arrives. Lists of ids have 2 to 20. */
export const MAX_UNPACK_RATIO = 100;
/** The ratio is checked once this many bytes are unpacked: a small body is harmless whatever its ratio is. */
export const UNPACK_RATIO_MIN_BYTES = 1_048_576;

/** Limits of a streamed body. */
export interface BodyStreamOptions {
  /** Ends the reading with its reason. */
  readonly signal: AbortSignal;
  readonly runtime: Runtime;
  /** The most bytes of the body, counted after it is unpacked. */
  readonly maxBytes: number;
  readonly idleMs?: number;
}

/**
 * Returns the body of a request, decompressed, chunk by chunk as fast as it is consumed. A chunk is valid
 * until the next one is requested.
 * @throws ProblemDetailsError 415 for a Content-Encoding other than gzip, before anything is read; while
 * reading, 400 if the body is corrupt or truncated, 408 if the client sends nothing more, 413 if the body is too large or
 * unpacks to too much, and the reason of `signal` once it is aborted. Reading also ends with an error when the client
 * disconnects after it has sent the whole body: nobody waits for the response.
 */
export function readBodyStream(
  request: Request,
  options: BodyStreamOptions,
): AsyncGenerator<Uint8Array, void> {
  const body = decompressorFor(request);
  return readChunks(request, body, options);
}

async function* readChunks(
  request: Request,
  body: PassThrough | Gunzip,
  { signal, runtime, maxBytes, idleMs = IDLE_TIMEOUT_MS }: BodyStreamOptions,
): AsyncGenerator<Uint8Array, void> {
  const { socket } = request;
  let bytes = 0;
  const onGone = (): void => {
    if (!request.complete) {
      body.destroy(new ProblemDetailsError(400, 'the body ended before it was complete'));
    }
  };
  const onDisconnect = (): void => {
    body.destroy(new ProblemDetailsError(400, 'the client has disconnected'));
  };
  const onAbort = (): void => {
    body.destroy(signal.reason as Error);
  };
  const idle = runtime.setTimeout(() => {
    body.destroy(new ProblemDetailsError(408, `nothing came for ${String(idleMs / 1000)} s`));
  }, idleMs);
  request.on('error', onGone).on('close', onGone);
  socket.on('close', onDisconnect);
  signal.addEventListener('abort', onAbort);
  request.pipe(body);
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      assertSize(bytes, body, maxBytes);
      yield chunk;
      freeBuffer(chunk);
      idle.refresh();
    }
  } catch (error) {
    throw isBrokenGzip(error)
      ? new ProblemDetailsError(400, `the body is not valid gzip: ${error.message}`)
      : error;
  } finally {
    runtime.clearTimeout(idle);
    request.off('error', onGone).off('close', onGone);
    socket.off('close', onDisconnect);
    signal.removeEventListener('abort', onAbort);
    request.unpipe(body);
    body.destroy();
  }
}

function assertSize(bytes: number, body: PassThrough | Gunzip, maxBytes: number): void {
  if (bytes > maxBytes) {
    throw new ProblemDetailsError(413, `the body is larger than ${String(maxBytes)} bytes`);
  }
  if (
    'bytesWritten' in body &&
    bytes > UNPACK_RATIO_MIN_BYTES &&
    bytes > MAX_UNPACK_RATIO * body.bytesWritten
  ) {
    throw new ProblemDetailsError(
      413,
      `the body unpacks to more than ${String(MAX_UNPACK_RATIO)} times the bytes that were sent`,
    );
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
export async function drainRequest(request: Request, runtime: Runtime): Promise<void> {
  if (request.complete || request.destroyed) {
    return;
  }
  request.resume();
  const raceEnd = new AbortController();
  const { signal } = raceEnd;
  await Promise.race([
    once(request, 'close', { signal }),
    once(request, 'end', { signal }),
    runtime.sleep(DRAIN_TIMEOUT_MS, { signal }),
  ])
    .catch(() => undefined) // the request was aborted: no client waits for a response
    .finally(() => {
      raceEnd.abort();
    });
}

function decompressorFor(request: Request): PassThrough | Gunzip {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'gzip' || encoding === 'x-gzip') {
    return createGunzip({ chunkSize: CHUNK_BYTES, ...READ_AHEAD });
  }
  if (encoding !== 'identity') {
    throw new ProblemDetailsError(415, 'Content-Encoding must be gzip or none', [], {
      'Accept-Encoding': 'gzip, identity',
    });
  }
  return new PassThrough({ readableHighWaterMark: CHUNK_BYTES, ...READ_AHEAD });
}

function isBrokenGzip(error: unknown): error is Error {
  return Error.isError(error) && 'code' in error && String(error.code).startsWith('Z_');
}
