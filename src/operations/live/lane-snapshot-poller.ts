import { Logger } from '@nestjs/common';
import { Observable, Subject } from 'rxjs';
import { FailureLog } from '../../platform/logging/failure-log.js';
import type { QueueService } from '../queue-admin/queue.service.js';
import type { Lane } from '../../scheduler/lanes/lane.js';
import type { LaneSnapshot } from './lane-snapshot.js';
import type { DispatchRepository } from '../dispatches/dispatch.repository.js';
import type { QueueAdminRepository, QueuedIds } from '../queue-admin/queue-admin.repository.js';
import type { Runtime, Timer } from '../../domain/runtime.js';
import { selectPending } from '../../scheduler/queue/choose-dispatches.js';
import type { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** The minimum interval between two snapshots, however much happens. */
const MIN_INTERVAL_MS = 100;
/** The limits of one snapshot: enough to fill a wide screen. */
const RECENT_DISPATCHES = 40;
const MAX_IDS_PER_PART = 30;
const FULL_SCREEN = 12;
const MAX_UPCOMING_IDS = 120;

/** Takes snapshots of one lane for any number of watchers, while there are any. */
export class LaneSnapshotPoller {
  private readonly failures: FailureLog;
  private readonly snapshots = new Subject<LaneSnapshot>();
  private timer: Timer | undefined;
  private isRefreshing = false;
  private isStopped = false;

  constructor(
    private readonly queue: QueueAdminRepository,
    private readonly dispatches: DispatchRepository,
    private readonly queueService: QueueService,
    private readonly lane: Lane,
    private readonly order: Pick<SchedulerOptions, 'agingMs' | 'fairShare'>,
    private readonly runtime: Runtime,
  ) {
    const { name } = lane.options;
    this.failures = new FailureLog(
      runtime,
      new Logger('GateWatcher'),
      'warn',
      `the live view of lane ${name} is not refreshed`,
      {
        lane: name,
      },
    );
  }

  stop(): void {
    this.isStopped = true;
    this.runtime.clearTimeout(this.timer);
    this.snapshots.complete();
  }

  /**
   * Emits a snapshot soon after subscription and whenever the lane may have changed; completes when the
   * service stops.
   */
  watch(): Observable<LaneSnapshot> {
    return new Observable((watcher) => {
      const subscription = this.snapshots.subscribe(watcher);
      this.scheduleRefresh();
      return subscription;
    });
  }

  scheduleRefresh(): void {
    if (this.snapshots.observed && this.timer === undefined && !this.isRefreshing) {
      this.timer = this.runtime.setTimeout(() => {
        this.timer = undefined;
        void this.refresh();
      }, MIN_INTERVAL_MS);
    }
  }

  /** Resolves with the next `maxIds` ids, in the order of dispatch. */
  upcoming(maxIds: number): Promise<QueuedIds[]> {
    const { agingMs, fairShare: isFairShare } = this.order;
    return this.queue.upcoming({
      lane: this.lane.options.name,
      maxIds,
      isFairShare,
      choose: (pending) => selectPending(pending, { maxIds, agingMs }),
    });
  }

  private async refresh(): Promise<void> {
    this.isRefreshing = true;
    const { name, batchSize } = this.lane.options;
    try {
      const [queue, upcoming, dispatches] = await Promise.all([
        this.queueService.stateFor(this.lane),
        this.upcoming(Math.min(MAX_UPCOMING_IDS, FULL_SCREEN * batchSize)),
        this.dispatches.recent(name, RECENT_DISPATCHES, MAX_IDS_PER_PART),
      ]);
      this.failures.succeeded();
      if (!this.isStopped) {
        this.snapshots.next({ queue, upcoming, dispatches });
      }
    } catch (error) {
      this.failures.failed(
        () => `the live view of lane ${name} is not refreshed, trying again: ${String(error)}`,
      );
    } finally {
      this.isRefreshing = false;
    }
  }
}
