import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Subject, type Observable } from 'rxjs';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { DispatchRunner } from '../../scheduler/dispatch/dispatch-runner.js';
import { PriorityQueue } from '../../scheduler/queue/priority-queue.js';
import type { Lane } from '../../scheduler/lanes/lane.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { Clock } from '../../domain/clock.js';
import { claimGraceMs, LaneProgressWatch } from './lane-progress.js';
import { QueueAdminRepository, type LaneProgress } from './queue-admin.repository.js';

const POLL_INTERVAL_MS = 1000;

/**
 * Finds lanes that are unwell once a second, from the store alone (see `LaneProgressWatch`); the cause does
 * not matter. The start and the end are logged in one line each.
 */
@Injectable()
export class LaneMonitor {
  private readonly logger = new Logger('LaneMonitor');
  private readonly watches = new Map<string, LaneProgressWatch>();
  /** The start of the unwell time by lane: wall time in ms. */
  private readonly unwell = new Map<string, number>();
  private isPolling = false;
  private readonly polls = new Subject<{ readonly lane: string; readonly progress: LaneProgress }>();

  constructor(
    private readonly store: QueueAdminRepository,
    private readonly laneRegistry: LaneRegistry,
    private readonly runner: DispatchRunner,
    private readonly queue: PriorityQueue,
    private readonly shutdownState: ShutdownState,
    private readonly clock: Clock,
  ) {
    laneRegistry.removed.subscribe(({ name }) => {
      this.watches.delete(name);
      this.unwell.delete(name);
    });
  }

  /** Emits the result of each poll. */
  get found(): Observable<{ readonly lane: string; readonly progress: LaneProgress }> {
    return this.polls;
  }

  /** Returns the wall time in ms since when a lane has been unwell; null while it is well. */
  unwellSinceMs(lane: string): number | null {
    return this.unwell.get(lane) ?? null;
  }

  /** Checks every lane; never rejects. */
  @Interval(POLL_INTERVAL_MS)
  async poll(): Promise<void> {
    if (this.isPolling) {
      return;
    }
    this.isPolling = true;
    try {
      await Promise.all(this.laneRegistry.lanes.map((lane) => this.pollLane(lane)));
    } finally {
      this.isPolling = false;
    }
  }

  private async pollLane(lane: Lane): Promise<void> {
    const { name } = lane;
    const watch = this.watchOf(lane);
    const progress = await this.store
      .progress(name, claimGraceMs(lane.options.batchDelayMs))
      .catch(() => null);
    watch.observe(progress, this.isKeptBack(lane), this.clock.monotonicMs());
    this.note(name, watch, progress);
    if (progress !== null) {
      this.polls.next({ lane: name, progress });
    }
  }

  private watchOf({ name, options }: Lane): LaneProgressWatch {
    let watch = this.watches.get(name);
    if (watch === undefined) {
      watch = new LaneProgressWatch(options);
      this.watches.set(name, watch);
    }
    return watch;
  }

  /** Returns true if this process has a reason not to dispatch. A breaker that has cooled down is no reason. */
  private isKeptBack(lane: Lane): boolean {
    return (
      this.shutdownState.isShuttingDown ||
      lane.breaker.retryInMs !== 0 ||
      this.runner.isAtCapacity(lane) ||
      (lane.options.quietHours?.endsAt(this.clock.wallMs()) ?? null) !== null ||
      this.queue.heldBy(lane.name) !== null ||
      this.queue.fillingForMs(lane.name) !== null
    );
  }

  private note(lane: string, { unwellSinceMs }: LaneProgressWatch, progress: LaneProgress | null): void {
    const wallMs = this.clock.wallMs();
    const known = this.unwell.get(lane);
    if (unwellSinceMs !== null && known === undefined) {
      const sinceMs = Math.round(wallMs - (this.clock.monotonicMs() - unwellSinceMs));
      const since = new Date(sinceMs).toISOString();
      this.unwell.set(lane, sinceMs);
      const found = progress === null ? 'the store does not tell what waits' : 'ids may go';
      this.logger.error({
        msg: `lane ${lane} is unwell: ${found}, and no dispatch was sent though one was due at ${since}`,
        lane,
        since,
      });
    } else if (unwellSinceMs === null && known !== undefined) {
      this.unwell.delete(lane);
      const since = new Date(known).toISOString();
      this.logger.log({
        msg: `lane ${lane} is well again: it was unwell since ${since}, for ${((wallMs - known) / 1000).toFixed(1)} s`,
        lane,
        since,
      });
    }
  }
}
