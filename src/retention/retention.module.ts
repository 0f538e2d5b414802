import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Drain } from '../lifecycle/drain.js';
import { RetentionService } from './retention.service.js';
import { RetentionStore } from './retention.store.js';

/** Forgetting what is over. */
@Module({
  providers: [
    {
      provide: RetentionService,
      inject: [RetentionStore, Drain, Config],
      useFactory: (store: RetentionStore, drain: Drain, config: Config) =>
        new RetentionService(store, drain, config.retentionMs),
    },
  ],
})
export class RetentionModule {}
