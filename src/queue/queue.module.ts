import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Breaker } from '../scheduler/breaker.js';
import { PriorityQueue } from '../scheduler/priority-queue.js';
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
      inject: [QueueStore, PriorityQueue, Breaker, Config],
      useFactory: (store: QueueStore, queue: PriorityQueue, breaker: Breaker, config: Config) =>
        new QueueService(store, queue, breaker, {
          batchSize: config.batchSize,
          delayMs: config.batchDelayMs,
        }),
    },
  ],
})
export class QueueModule {}
