import fs from 'node:fs';

/**
 * Flushes SQLite's write-ahead log to disk outside the event loop. With `synchronous = FULL` SQLite would make the same
 * call on the same file within each commit (https://www.sqlite.org/wal.html#performance_considerations).
 */
export class WalFsync {
  private readonly file: number;
  private pendingSyncs = 0;

  /** Opens the log. It must exist: it does from the first read or write of a connection until the connection closes. */
  constructor(
    private readonly path: string,
    private readonly abort: (error: Error) => void = endProcess,
  ) {
    this.file = fs.openSync(path, 'r+');
  }

  /** Returns true while a flush is running. */
  get isBusy(): boolean {
    return this.pendingSyncs > 0;
  }

  /**
   * Resolves when everything written so far is on disk. If the flush fails, the content of the disk is unknown, and
   * repeating the call does not reveal it (https://wiki.postgresql.org/wiki/Fsync_Errors): the promise then never
   * resolves, and the process ends.
   */
  flush(): Promise<void> {
    this.pendingSyncs += 1;
    return new Promise((resolve) => {
      fs.fdatasync(this.file, (cause) => {
        this.pendingSyncs -= 1;
        if (cause === null) {
          resolve();
        } else {
          this.abort(new Error(`${this.path} cannot be brought to the disk: ${cause.message}`, { cause }));
        }
      });
    });
  }

  close(): void {
    fs.closeSync(this.file);
  }
}

/** Ends the process with an uncaught error. */
function endProcess(error: Error): void {
  process.nextTick(() => {
    throw error;
  });
}
