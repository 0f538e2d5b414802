import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Store } from '../storage/store.js';
import { Clock } from '../time/clock.js';
import { BackupController } from './backup.controller.js';
import { BackupService } from './backup.service.js';

/** Backups of the embedded store. */
@Module({
  controllers: [BackupController],
  providers: [
    {
      provide: BackupService,
      inject: [Store, Config, Clock],
      useFactory: (store: Store, { backupDir }: Config, clock: Clock) =>
        new BackupService(store, backupDir, clock),
    },
  ],
})
export class BackupModule {}
