import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { merge, mergeMap, type Observable, type Subscription } from 'rxjs';
import { assertLane } from '../../ingestion/dto/lane.validator.js';
import { QueueService } from '../queue-admin/queue.service.js';
import { PriorityQueue } from '../../scheduler/queue/priority-queue.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import type { LaneSnapshot } from './lane-snapshot.js';
import { DispatchRepository } from '../dispatches/dispatch.repository.js';
import { QueueAdminRepository, type QueuedIds } from '../queue-admin/queue-admin.repository.js';
import { LaneSnapshotPoller } from './lane-snapshot-poller.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';
import { Runtime } from '../../domain/runtime.js';

/** Polling finds changes by other replicas, and changes without a notification. */
const POLL_INTERVAL_MS = 1000;

/** Serves the watchers of all lanes. */
@Injectable()
export class LiveService implements OnModuleInit, OnModuleDestroy {
  private readonly pollers = new Map<string, LaneSnapshotPoller>();
  private subscription: Subscription | undefined;

  constructor(
    queueAdmin: QueueAdminRepository,
    dispatches: DispatchRepository,
    queueService: QueueService,
    private readonly laneRegistry: LaneRegistry,
    private readonly queue: PriorityQueue,
    private readonly progress: DispatchEvents,
    order: SchedulerOptions,
    runtime: Runtime,
  ) {
    laneRegistry.created.subscribe((lane) => {
      const poller = new LaneSnapshotPoller(queueAdmin, dispatches, queueService, lane, order, runtime);
      this.pollers.set(lane.name, poller);
    });
  }

  onModuleInit(): void {
    const arrivals = this.laneRegistry.created.pipe(mergeMap((lane) => this.queue.arrivals(lane)));
    this.subscription = merge(arrivals, this.progress.ingestionsChanged).subscribe(() => {
      this.scheduleRefresh();
    });
  }

  /** Completes all watchers; clients can connect to another replica. */
  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
    this.pollers.forEach((watcher) => {
      watcher.stop();
    });
  }

  @Interval(POLL_INTERVAL_MS)
  scheduleRefresh(): void {
    this.pollers.forEach((watcher) => {
      watcher.scheduleRefresh();
    });
  }

  /**
   * See `LaneSnapshotPoller.watch`; the default lane if none is named.
   * @throws ProblemDetailsError 400 if the lane does not exist.
   */
  watch(lane?: string): Observable<LaneSnapshot> {
    return this.pollerFor(lane).watch();
  }

  upcoming(lane: string | undefined, limit: number): Promise<QueuedIds[]> {
    return this.pollerFor(lane).upcoming(limit);
  }

  private pollerFor(lane: string | undefined): LaneSnapshotPoller {
    const watcher = this.pollers.get(assertLane(lane, this.laneRegistry.names));
    if (watcher === undefined) {
      throw new Error('a lane has no poller');
    }
    return watcher;
  }
}
