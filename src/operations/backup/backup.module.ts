import { Module } from '@nestjs/common';
import { BackupController } from './backup.controller.js';
import { BackupService } from './backup.service.js';

/** Provides backups of the embedded store. */
@Module({ controllers: [BackupController], providers: [BackupService] })
export class BackupModule {}
