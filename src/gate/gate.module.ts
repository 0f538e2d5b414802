import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { QueueModule } from '../queue/queue.module.js';
import { QueueService } from '../queue/queue.service.js';
import { Lanes } from '../scheduler/lanes.js';
import { ProgressNews } from '../scheduler/progress-news.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { GateWatcher } from './gate-watcher.js';
import { GateController } from './gate.controller.js';
import { GateStore } from './gate.store.js';

/** What goes through the gate, and what goes next, to be watched. */
@Module({
  imports: [SchedulerModule, QueueModule],
  controllers: [GateController],
  providers: [
    {
      provide: GateWatcher,
      inject: [GateStore, QueueService, Lanes, ProgressNews, Config],
      useFactory: (
        gate: GateStore,
        queueService: QueueService,
        lanes: Lanes,
        progress: ProgressNews,
        config: Config,
      ) =>
        new GateWatcher(gate, queueService, lanes, progress, {
          agingMs: config.priorityAgingMs,
          fairShare: config.fairShare,
        }),
    },
  ],
})
export class GateModule {}
