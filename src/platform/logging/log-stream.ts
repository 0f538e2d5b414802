import { fstatSync, write, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { DestinationStream } from 'pino';
import type { Runtime } from '../../domain/runtime.js';

/** Lines that cannot be written yet are kept up to this size, then dropped, so that memory is bounded. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
/** Lines are written together up to this size. */
const MAX_CHUNK_CHARACTERS = 65_536;
/** The pause before a full pipe is tried again. */
const FULL_PIPE_PAUSE_MS = 50;
/** The pause before a full or failing volume is tried again. */
const FAILURE_PAUSE_MS = 1000;
/** The time that a reader has to read what is left when the process ends. */
const MAX_FLUSH_MS = 1000;
const FLUSH_PAUSE_MS = 5;

const NOTHING = Buffer.alloc(0);
/** Nothing changes this array or notifies about it, so `Atomics.wait` on it sleeps until its timeout. */
const NEVER_CHANGED = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes lines to a file descriptor and never blocks the event loop or the end of the process, whatever the reader or
 * the volume does. It keeps lines that cannot be written for now, and drops further ones when it holds 16 MB. When it
 * can write again, a line tells how many were dropped.
 *
 * It makes a pipe or a socket non-blocking, as `process.stdout` does. A file is written in the thread pool.
 */
export class LogStream implements DestinationStream {
  private readonly lines: string[] = [];
  private bufferedBytes = 0;
  /** The part of the last chunk that is not written yet. */
  private rest: Buffer = NOTHING;
  private dropped = 0;
  private isWriting = false;
  /** True while the thread pool writes `rest`. */
  private isInThreadPool = false;
  private isClosed = false;
  /** Keeps the descriptor non-blocking; null if it is a file. */
  private readonly pipe: Socket | null;

  constructor(
    private readonly fd: number,
    private readonly runtime: Runtime,
  ) {
    const kind = fstatSync(fd);
    this.pipe = kind.isFIFO() || kind.isSocket() ? new Socket({ fd, readable: false, writable: true }) : null;
    this.pipe?.on('error', () => undefined).unref();
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.isClosed || this.bufferedBytes + bytes > MAX_BUFFERED_BYTES) {
      this.dropped += 1;
      return;
    }
    this.addNotice();
    this.add(line, bytes);
    if (!this.isWriting) {
      this.isWriting = true;
      this.runtime.setImmediate(this.writeChunk);
    }
  }

  /** Writes what is left at the end of the process, for a second at most. */
  flushSync(): void {
    const endMs = this.runtime.monotonicMs() + MAX_FLUSH_MS;
    if (this.isInThreadPool) {
      this.rest = NOTHING; // the process ends after the work of its thread pool
    }
    this.addNotice();
    while (!this.isClosed && this.takeChunk()) {
      try {
        this.written(writeSync(this.fd, this.rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || this.runtime.monotonicMs() > endMs) {
          return; // the rest is lost with the process: nobody reads the pipe, or the volume is full
        }
        Atomics.wait(NEVER_CHANGED, 0, 0, FLUSH_PAUSE_MS);
      }
    }
  }

  private readonly writeChunk = (): void => {
    if (this.isClosed || !this.takeChunk()) {
      this.isWriting = false;
    } else if (this.pipe === null) {
      this.isInThreadPool = true;
      write(this.fd, this.rest, (error, bytes) => {
        this.isInThreadPool = false;
        this.ended(error, bytes);
      });
    } else {
      try {
        this.ended(null, writeSync(this.fd, this.rest));
      } catch (error) {
        this.ended(error as NodeJS.ErrnoException, 0);
      }
    }
  };

  private ended(error: NodeJS.ErrnoException | null, bytes: number): void {
    if (error === null) {
      this.written(bytes);
      this.runtime.setImmediate(this.writeChunk);
    } else if (error.code === 'EPIPE') {
      this.isClosed = true; // nobody will ever read it
      this.isWriting = false;
      this.lines.length = 0;
    } else {
      const pauseMs = error.code === 'EAGAIN' ? FULL_PIPE_PAUSE_MS : FAILURE_PAUSE_MS;
      this.runtime.setTimeout(this.writeChunk, pauseMs).unref();
    }
  }

  /** Returns false if there is nothing to write. */
  private takeChunk(): boolean {
    if (this.rest.length === 0) {
      let characters = 0;
      let count = 0;
      for (; count < this.lines.length && characters < MAX_CHUNK_CHARACTERS; count++) {
        characters += this.lines[count]?.length ?? 0;
      }
      this.rest = Buffer.from(this.lines.splice(0, count).join(''));
    }
    return this.rest.length > 0;
  }

  private written(bytes: number): void {
    this.bufferedBytes -= bytes;
    this.rest = this.rest.subarray(bytes);
    if (this.rest.length === 0 && this.lines.length === 0) {
      this.addNotice();
    }
  }

  private addNotice(): void {
    if (this.dropped > 0 && !this.isClosed) {
      const time = new Date(this.runtime.wallMs()).toISOString();
      const msg = `${String(this.dropped)} log lines were dropped: the log could not be written`;
      const line = `${JSON.stringify({ level: 'warn', time, context: 'Log', dropped: this.dropped, msg })}\n`;
      this.dropped = 0;
      this.add(line, Buffer.byteLength(line));
    }
  }

  private add(line: string, bytes: number): void {
    this.lines.push(line);
    this.bufferedBytes += bytes;
  }
}
