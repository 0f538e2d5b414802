import fs from 'node:fs';

/**
 * Brings SQLite's write-ahead log to the disk beside the event loop. SQLite itself would do the same to the same file
 * within each commit (`synchronous = FULL`, https://www.sqlite.org/wal.html#performance_considerations).
 */
export class WalFsync {
  private readonly file: number;
  private pendingSyncs = 0;

  /** The log must be there: it is from the first read or write of a connection until its end. */
  constructor(
    private readonly path: string,
    private readonly abort: (error: Error) => void = endProcess,
  ) {
    this.file = fs.openSync(path, 'r+');
  }

  /** Whether anything is being brought to the disk. */
  get isBusy(): boolean {
    return this.pendingSyncs > 0;
  }

  /**
   * Resolves when all that is written now is on the disk. Where the disk fails, what it holds is unknown, and asking
   * again does not tell (https://wiki.postgresql.org/wiki/Fsync_Errors): then it never resolves, and the process ends.
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

/** As an error that nobody catches. */
function endProcess(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
