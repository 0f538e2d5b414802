import { Logger } from '@nestjs/common';
import { Observable, Subject } from 'rxjs';
import { FailureLog } from '../../platform/logging/failure-log.js';
import type { QueueService } from '../queue-admin/queue.service.js';
import type { LaneWorker } from '../../scheduler/dispatch/lane-worker.js';
import type { GateLook } from './lane-snapshot.js';
import type { GateStore, QueueOrder, QueuedRun } from './live.repository.js';

/** However much happens, nobody sees more looks than these. */
const SHORTEST_INTERVAL_MS = 100;
/** Of one moment: what fills a wide screen. */
const RECENT_DISPATCHES = 40;
const IDS_OF_PART = 30;
const FULL_SCREEN = 12;
const MOST_UPCOMING = 120;

/** Looks at one lane's gate for any number of watchers at once, while there are any. */
export class LaneWatcher {
  private readonly failures: FailureLog;
  private readonly looks = new Subject<GateLook>();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;
  private isStopped = false;

  constructor(
    private readonly gate: GateStore,
    private readonly queueService: QueueService,
    private readonly lane: LaneWorker,
    private readonly order: QueueOrder,
  ) {
    const { name } = lane.options;
    this.failures = new FailureLog(
      new Logger('GateWatcher'),
      'warn',
      `watchers of lane ${name} are not told`,
      {
        lane: name,
      },
    );
  }

  stop(): void {
    this.isStopped = true;
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
    return this.gate.upcoming(this.lane.options.name, this.order, limit);
  }

  private async look(): Promise<void> {
    this.isLooking = true;
    const { name, batchSize } = this.lane.options;
    try {
      const [queue, upcoming, dispatches] = await Promise.all([
        this.queueService.stateOf(this.lane),
        this.upcoming(Math.min(MOST_UPCOMING, FULL_SCREEN * batchSize)),
        this.gate.recent(name, RECENT_DISPATCHES, IDS_OF_PART),
      ]);
      this.failures.succeeded();
      if (!this.isStopped) {
        this.looks.next({ queue, upcoming, dispatches });
      }
    } catch (error) {
      this.failures.failed(() => `watchers of lane ${name} are not told, trying again: ${String(error)}`);
    } finally {
      this.isLooking = false;
    }
  }
}
