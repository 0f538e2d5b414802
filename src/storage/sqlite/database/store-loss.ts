import { Logger } from '@nestjs/common';
import { StoreLostError } from '../../../domain/store-errors.js';
import type { Runtime, Timer } from '../../../domain/runtime.js';
import { OpenFiles } from './open-files.js';
import { messageOf } from './sqlite-errors.js';

/** Interval of the check of the files while nothing is written. */
const CHECK_INTERVAL_MS = 1000;

const STOPPED = 'nothing is accepted or sent any more';
const AFTER_LOST_FILE =
  'Its content is still open in this process: POST /backup writes a copy of it if BACKUP_DIR is set. ' +
  'Then stop the service, put the file or that copy into its place, and start again';
const AFTER_DAMAGE = 'Stop the service, keep a copy of the file and of its log, and start on a backup';

/**
 * Records that the files of the store are missing or damaged. This state lasts until the process ends and is logged
 * once.
 */
export class StoreLoss {
  private readonly logger = new Logger('SQLite');
  private readonly files: OpenFiles;
  private readonly checkTimer: Timer;
  private lost: StoreLostError | null = null;
  private isDamaged = false;

  /** `saveLog` writes the content of the log into the file at `path`. */
  constructor(
    private readonly path: string,
    private readonly runtime: Runtime,
    private readonly saveLog: () => void,
  ) {
    this.files = new OpenFiles([path, `${path}-wal`]);
    this.checkTimer = runtime
      .setInterval(() => {
        this.noteLostFile();
      }, CHECK_INTERVAL_MS)
      .unref();
  }

  /** @throws StoreLostError where the store is lost */
  throwIfLost(): void {
    if (this.lost !== null) {
      throw this.lost;
    }
  }

  /** @throws StoreLostError where the store is damaged */
  throwIfDamaged(): void {
    if (this.isDamaged) {
      this.throwIfLost();
    }
  }

  /**
   * Checks that the paths still refer to the open files; it takes some microseconds.
   * @throws StoreLostError where they do not
   */
  checkFiles(): void {
    this.noteLostFile();
    this.throwIfLost();
  }

  noteDamage(cause: unknown): StoreLostError {
    this.isDamaged = true;
    return this.note(
      'the store is damaged',
      `${this.path} is damaged (${messageOf(cause)}): ${STOPPED}. ${AFTER_DAMAGE}`,
      cause,
    );
  }

  /** Checks a last time and returns true if the store is lost. */
  close(): boolean {
    this.runtime.clearInterval(this.checkTimer);
    this.noteLostFile();
    return this.lost !== null;
  }

  private noteLostFile(): void {
    const found = this.lost === null ? this.files.firstLost() : null;
    if (found !== null) {
      const { path, what } = found;
      const advice = path === this.path ? AFTER_LOST_FILE : this.tryToSaveLog();
      this.note('the file of the store is gone', `${path} ${what} while in use: ${STOPPED}. ${advice}`);
    }
  }

  private note(reason: string, line: string, cause?: unknown): StoreLostError {
    if (this.lost === null) {
      this.lost = new StoreLostError(reason, line, { cause });
      this.logger.error(line);
    }
    return this.lost;
  }

  /** Saves a deleted log, which is still open, into the main file. A start does not need the log afterwards. */
  private tryToSaveLog(): string {
    try {
      this.saveLog();
      return `All that it held stands in ${this.path} now: start the service again`;
    } catch (error) {
      return `Its content could not be written into ${this.path} (${messageOf(error)}): stop the service with SIGTERM, which tries again`;
    }
  }
}
