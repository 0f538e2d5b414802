import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Drain } from '../lifecycle/drain.js';
import { Lanes } from '../scheduler/lanes.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { Clock } from '../time/clock.js';
import { LaneMonitor } from './lane-monitor.js';
import { QueueController } from './queue.controller.js';
import { QueueService } from './queue.service.js';
import { QueueStore } from './queue.store.js';

/** The queue as a whole, shown and controlled. */
@Module({
  imports: [SchedulerModule],
  controllers: [QueueController],
  exports: [QueueService, LaneMonitor],
  providers: [
    {
      provide: LaneMonitor,
      inject: [QueueStore, Lanes, Drain, Clock],
      useFactory: (store: QueueStore, lanes: Lanes, drain: Drain, clock: Clock) =>
        new LaneMonitor(store, lanes, drain, clock),
    },
    {
      provide: QueueService,
      inject: [QueueStore, Lanes, LaneMonitor, Config],
      useFactory: (
        store: QueueStore,
        lanes: Lanes,
        monitor: LaneMonitor,
        { priorityAgingMs: agingMs, fairShare }: Config,
      ) => new QueueService(store, lanes, monitor, { agingMs, fairShare }),
    },
  ],
})
export class QueueModule {}
