import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { merge, type Observable, type Subscription } from 'rxjs';
import { assertLane } from '../../ingestion/dto/lane.validator.js';
import { QueueService } from '../queue-admin/queue.service.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import type { GateLook } from './lane-snapshot.js';
import { GateStore, type QueuedRun } from './live.repository.js';
import { LaneWatcher } from './lane-snapshot-poller.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** Finds what other processes did, and what no news told of. */
const LOOK_INTERVAL_MS = 1000;

/** The watchers of all lanes. */
@Injectable()
export class GateWatcher implements OnModuleInit, OnModuleDestroy {
  private readonly ofLanes: ReadonlyMap<string, LaneWatcher>;
  private news: Subscription | undefined;

  constructor(
    gate: GateStore,
    queueService: QueueService,
    private readonly laneRegistry: LaneRegistry,
    private readonly progress: DispatchEvents,
    order: SchedulerOptions,
  ) {
    this.ofLanes = new Map(
      laneRegistry.workers.map((lane) => [
        lane.options.name,
        new LaneWatcher(gate, queueService, lane, order),
      ]),
    );
  }

  onModuleInit(): void {
    const arrivals = this.laneRegistry.workers.map(({ queue }) => queue.arrival);
    this.news = merge(...arrivals, this.progress.ingestionsChanged).subscribe(() => {
      this.lookSoon();
    });
  }

  /** The service stops: whoever watches can go on elsewhere. */
  onModuleDestroy(): void {
    this.news?.unsubscribe();
    this.ofLanes.forEach((watcher) => {
      watcher.stop();
    });
  }

  @Interval(LOOK_INTERVAL_MS)
  lookSoon(): void {
    this.ofLanes.forEach((watcher) => {
      watcher.lookSoon();
    });
  }

  /**
   * See `LaneWatcher`; of the default lane where none is named.
   * @throws ProblemDetailsError 400 for a lane that is not there.
   */
  watch(lane?: string): Observable<GateLook> {
    return this.of(lane).watch();
  }

  upcoming(lane: string | undefined, limit: number): Promise<QueuedRun[]> {
    return this.of(lane).upcoming(limit);
  }

  private of(lane: string | undefined): LaneWatcher {
    const watcher = this.ofLanes.get(assertLane(lane, this.laneRegistry.names));
    if (watcher === undefined) {
      throw new Error('a lane has no watcher');
    }
    return watcher;
  }
}
