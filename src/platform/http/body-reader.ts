import { AsyncResource } from 'node:async_hooks';
import type { Request } from 'express';
import { ProblemDetailsError } from './problem-details.js';

/** The bodies that are in memory while they arrive may together be this many times as large as one may be. */
export const MAX_BUFFERED_BODIES = 64;

type Done = (error: Error | null, body: Buffer) => void;

const NO_BODY = Buffer.alloc(0);

/** Reads the bodies of requests into memory, with a limit for each one and for all that are being read. */
export class BodyReader {
  private bufferedBytes = 0;
  private readonly maxBufferedBytes: number;

  /** `shownLimit` is the limit as error messages name it. */
  constructor(
    private readonly maxBytes: number,
    private readonly shownLimit: string,
  ) {
    this.maxBufferedBytes = MAX_BUFFERED_BODIES * maxBytes;
  }

  /**
   * Reads a body and passes each chunk to `check` when it arrives. Reading ends with the first error, which is what
   * `check` throws, or a ProblemDetailsError: 413 if the body is too large, 503 if all bodies together are, 400 if
   * the client disconnects. `callback` runs in the context of the request: the events of a connection run in the context
   * of its first request, which may be another client's.
   */
  read(request: Request, check: (chunk: Uint8Array) => void, callback: Done): void {
    // AsyncLocalStorage.bind would do the same, at 1.7 µs instead of 0.06.
    const context = new AsyncResource('BodyReader');
    const done: Done = (error, body) => {
      context.runInAsyncScope(callback, null, error, body);
    };
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > this.maxBytes) {
      done(this.tooLarge(), NO_BODY);
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (error: Error | null): void => {
      request.off('data', onData).off('end', onEnd).off('error', onClose).off('close', onClose);
      this.bufferedBytes -= bytes;
      if (error === null) {
        done(null, chunks.length === 1 ? (chunks[0] ?? NO_BODY) : Buffer.concat(chunks, bytes));
      } else {
        request.pause();
        done(error, NO_BODY);
      }
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      this.bufferedBytes += chunk.length;
      chunks.push(chunk);
      try {
        this.assertRoom(bytes);
        check(chunk);
      } catch (error) {
        finish(error as Error);
      }
    };
    const onEnd = (): void => {
      finish(null);
    };
    const onClose = (): void => {
      finish(new ProblemDetailsError(400, 'the body ended before it was complete'));
    };
    request.on('data', onData).on('end', onEnd).on('error', onClose).on('close', onClose);
  }

  private assertRoom(bytes: number): void {
    if (bytes > this.maxBytes) {
      throw this.tooLarge();
    }
    if (this.bufferedBytes > this.maxBufferedBytes) {
      throw new ProblemDetailsError(503, 'too many bodies are being read', [], { 'Retry-After': '1' });
    }
  }

  private tooLarge(): ProblemDetailsError {
    return new ProblemDetailsError(413, `the body is larger than ${this.shownLimit}`);
  }
}
