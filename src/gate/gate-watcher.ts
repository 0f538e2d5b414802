import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { merge, Observable, Subject, type Subscription } from 'rxjs';
import { DEFAULT_LANE } from '../ingestion/lane.js';
import type { QueueService, QueueState } from '../queue/queue.service.js';
import type { PriorityQueue } from '../scheduler/priority-queue.js';
import type { ProgressNews } from '../scheduler/progress-news.js';
import type { GateStore, QueuedRun, SeenDispatch } from './gate.store.js';

/** Finds what other processes did, and what no news told of. */
const LOOK_INTERVAL_MS = 1000;
/** However much happens, nobody sees more looks than these. */
const SHORTEST_INTERVAL_MS = 100;
/** Of one moment: what fills a wide screen. */
export const RECENT_DISPATCHES = 40;
export const IDS_OF_PART = 30;
const FULL_SCREEN = 12;
const MOST_UPCOMING = 120;

/** The gate at one moment. */
export interface GateLook {
  readonly queue: QueueState;
  readonly upcoming: readonly QueuedRun[];
  /** The newest first. */
  readonly dispatches: readonly SeenDispatch[];
}

export interface GateWatcherOptions {
  readonly batchSize: number;
  readonly agingMs: number | null;
}

/** Looks at the gate for any number of watchers at once, while there are any. */
@Injectable()
export class GateWatcher implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('GateWatcher');
  private readonly looks = new Subject<GateLook>();
  private news: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;
  private isStopped = false;

  constructor(
    private readonly gate: GateStore,
    private readonly queueService: QueueService,
    private readonly queue: PriorityQueue,
    private readonly progress: ProgressNews,
    private readonly options: GateWatcherOptions,
  ) {}

  onModuleInit(): void {
    this.news = merge(this.queue.arrived, this.progress.ofIngestions).subscribe(() => {
      this.lookSoon();
    });
  }

  /** The service stops: whoever watches can go on elsewhere. */
  onModuleDestroy(): void {
    this.isStopped = true;
    this.news?.unsubscribe();
    clearTimeout(this.timer);
    this.looks.complete();
  }

  /** Emits how the gate stands, soon after subscription and whenever it may have changed; completes with the service. */
  watch(): Observable<GateLook> {
    return new Observable((watcher) => {
      const subscription = this.looks.subscribe(watcher);
      this.lookSoon();
      return subscription;
    });
  }

  @Interval(LOOK_INTERVAL_MS)
  lookSoon(): void {
    if (this.looks.observed && this.timer === undefined && !this.isLooking) {
      this.timer = setTimeout(() => {
        this.timer = undefined;
        void this.look();
      }, SHORTEST_INTERVAL_MS);
    }
  }

  /** The ids that go next, in their order. */
  upcoming(limit: number): Promise<QueuedRun[]> {
    return this.gate.upcoming(DEFAULT_LANE, this.options.agingMs, limit);
  }

  private async look(): Promise<void> {
    this.isLooking = true;
    try {
      const [queue, upcoming, dispatches] = await Promise.all([
        this.queueService.state(),
        this.upcoming(Math.min(MOST_UPCOMING, FULL_SCREEN * this.options.batchSize)),
        this.gate.recent(RECENT_DISPATCHES, IDS_OF_PART),
      ]);
      if (!this.isStopped) {
        this.looks.next({ queue, upcoming, dispatches });
      }
    } catch (error) {
      this.logger.warn(`watchers are not told, trying again: ${String(error)}`);
    } finally {
      this.isLooking = false;
    }
  }
}
