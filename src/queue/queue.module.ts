import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Lanes } from '../scheduler/lanes.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { QueueController } from './queue.controller.js';
import { QueueService } from './queue.service.js';
import { QueueStore } from './queue.store.js';

/** The queue as a whole, shown and controlled. */
@Module({
  imports: [SchedulerModule],
  controllers: [QueueController],
  exports: [QueueService],
  providers: [
    {
      provide: QueueService,
      inject: [QueueStore, Lanes, Config],
      useFactory: (store: QueueStore, lanes: Lanes, { priorityAgingMs: agingMs, fairShare }: Config) =>
        new QueueService(store, lanes, { agingMs, fairShare }),
    },
  ],
})
export class QueueModule {}
