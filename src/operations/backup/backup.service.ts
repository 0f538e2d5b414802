import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { MaintenanceRepository } from '../maintenance/maintenance.repository.js';
import { Clock } from '../../domain/clock.js';
import {
  BackupFailedError,
  BackupInProgressError,
  BackupNotSupportedError,
} from '../../domain/backup-errors.js';
import { BackupOptions } from './backup.options.js';

/** A complete backup that is on the disk. */
export interface Backup {
  /** The file name in the backup folder. */
  readonly file: string;
  readonly bytes: number;
  readonly tookMs: number;
}

/** The names of a backup in progress. A file with such a name that is left over is incomplete. */
const UNFINISHED = /^\.sluice-.+\.tmp(?:-journal|-wal|-shm)?$/;

/** Creates backups of the embedded store while it works, one at a time. */
@Injectable()
export class BackupService {
  private readonly logger = new Logger('Backup');
  private isRunning = false;

  constructor(
    private readonly maintenanceRepository: MaintenanceRepository,
    private readonly options: BackupOptions,
    private readonly clock: Clock,
  ) {}

  /**
   * Creates a backup.
   * @throws BackupNotSupportedError, BackupInProgressError, BackupFailedError
   */
  async createBackup(): Promise<Backup> {
    const { folder } = this.options;
    if (folder === null) {
      throw new BackupNotSupportedError('BACKUP_DIR is not set: there is no place for a backup');
    }
    if (this.isRunning) {
      throw new BackupInProgressError();
    }
    this.isRunning = true;
    try {
      return await this.writeTo(folder);
    } finally {
      this.isRunning = false;
    }
  }

  private async writeTo(folder: string): Promise<Backup> {
    const beganAtMs = this.clock.monotonicMs();
    const file = `sluice-${new Date(this.clock.wallMs()).toISOString().replaceAll(/[:.]/g, '-')}.sqlite`;
    const draft = join(folder, `.${file}.tmp`);
    try {
      await removeUnfinished(folder);
      await this.maintenanceRepository.backUp(draft);
      const { size: bytes } = await stat(draft);
      await rename(draft, join(folder, file));
      await flush(folder);
      const tookMs = this.clock.monotonicMs() - beganAtMs;
      this.logger.log(`${file} written: ${String(bytes)} bytes in ${String(Math.round(tookMs))} ms`);
      return { file, bytes, tookMs };
    } catch (error) {
      await removeUnfinished(folder).catch(() => undefined); // removed by the next backup
      if (error instanceof BackupNotSupportedError) {
        throw error;
      }
      const reason = error instanceof Error ? error.message : String(error);
      throw new BackupFailedError(`the backup could not be written: ${reason}`, { cause: error });
    }
  }
}

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (UNFINISHED.test(name)) {
      await rm(join(folder, name), { force: true });
    }
  }
}

/** Returns no names where there is no such folder: the backup makes the folder or says why it cannot. */
async function namesIn(folder: string): Promise<string[]> {
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() === true ? readdir(folder) : [];
}

/** Makes the names in a folder durable. */
async function flush(folder: string): Promise<void> {
  const directory = await open(folder);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
