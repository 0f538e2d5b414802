import { Injectable } from '@nestjs/common';
import { Configuration } from '../../platform/config/configuration.js';

/** Options of backups. */
@Injectable()
export class BackupOptions {
  /** The folder for backups; null disables them. */
  readonly folder: string | null;

  constructor({ variables }: Configuration) {
    this.folder = variables.BACKUP_DIR ?? null;
  }
}
