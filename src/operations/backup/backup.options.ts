import { Injectable } from '@nestjs/common';
import { Configuration } from '../../platform/config/configuration.js';

/** Options of backups. */
@Injectable()
export class BackupOptions {
  /** The folder that backups are written to; null turns them off. */
  readonly folder: string | null;

  constructor({ variables }: Configuration) {
    this.folder = variables.BACKUP_DIR ?? null;
  }
}
