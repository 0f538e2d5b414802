import { Module } from '@nestjs/common';
import { QueueStore } from '../queue/queue.store.js';
import { Lanes } from '../scheduler/lanes.js';
import { ProgressNews } from '../scheduler/progress-news.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { Clock } from '../time/clock.js';
import { HistoryRecorder } from './history-recorder.js';
import { HistoryController } from './history.controller.js';
import { HistoryService } from './history.service.js';
import { HistoryStore } from './history.store.js';

/** The gate's own history of the last day. */
@Module({
  imports: [SchedulerModule],
  controllers: [HistoryController],
  providers: [
    {
      provide: HistoryService,
      inject: [HistoryStore, Clock, Lanes],
      useFactory: (store: HistoryStore, clock: Clock, lanes: Lanes) =>
        new HistoryService(store, clock, lanes.names),
    },
    {
      provide: HistoryRecorder,
      inject: [HistoryStore, QueueStore, Lanes, ProgressNews, Clock],
      useFactory: (store: HistoryStore, queue: QueueStore, lanes: Lanes, news: ProgressNews, clock: Clock) =>
        new HistoryRecorder(store, queue, lanes.names, news, clock),
    },
  ],
})
export class HistoryModule {}
