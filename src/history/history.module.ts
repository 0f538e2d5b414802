import { Module } from '@nestjs/common';
import { QueueStore } from '../queue/queue.store.js';
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
      inject: [HistoryStore, Clock],
      useFactory: (store: HistoryStore, clock: Clock) => new HistoryService(store, clock),
    },
    {
      provide: HistoryRecorder,
      inject: [HistoryStore, QueueStore, ProgressNews, Clock],
      useFactory: (store: HistoryStore, queue: QueueStore, news: ProgressNews, clock: Clock) =>
        new HistoryRecorder(store, queue, news, clock),
    },
  ],
})
export class HistoryModule {}
