import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Subject, type Observable } from 'rxjs';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import type { LaneWorker } from '../../scheduler/dispatch/lane-worker.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { Clock } from '../../domain/clock.js';
import { claimGraceMs, LaneProgressWatch } from './lane-progress.js';
import { QueueAdminRepository, type LaneProgress } from './queue-admin.repository.js';

const POLL_INTERVAL_MS = 1000;

/** One lane, as it is watched. */
interface Watched {
  readonly gate: LaneWorker;
  readonly watch: LaneProgressWatch;
}

/**
 * Finds lanes that are unwell, once a second, by what the store holds: see `LaneProgressWatch`. It does not matter why
 * they send nothing. The begin and the end are a line in the log each.
 */
@Injectable()
export class LaneMonitor {
  private readonly logger = new Logger('LaneMonitor');
  private readonly watched: ReadonlyMap<string, Watched>;
  /** Wall time in ms. */
  private readonly unwell = new Map<string, number>();
  private isPolling = false;
  private readonly looks = new Subject<{ readonly lane: string; readonly progress: LaneProgress }>();

  constructor(
    private readonly store: QueueAdminRepository,
    laneRegistry: LaneRegistry,
    private readonly shutdownState: ShutdownState,
    private readonly clock: Clock,
  ) {
    this.watched = new Map(
      laneRegistry.workers.map((gate) => {
        const { name, batchDelayMs } = gate.options;
        return [name, { gate, watch: new LaneProgressWatch(batchDelayMs) }];
      }),
    );
  }

  /** What each look found. */
  get found(): Observable<{ readonly lane: string; readonly progress: LaneProgress }> {
    return this.looks;
  }

  /** Since when a lane has been unwell, in wall time (ms); null while it is well. */
  unwellSinceMs(lane: string): number | null {
    return this.unwell.get(lane) ?? null;
  }

  /** Looks at every lane; never rejects. */
  @Interval(POLL_INTERVAL_MS)
  async poll(): Promise<void> {
    if (this.isPolling) {
      return;
    }
    this.isPolling = true;
    try {
      await Promise.all([...this.watched].map(([lane, watched]) => this.pollLane(lane, watched)));
    } finally {
      this.isPolling = false;
    }
  }

  private async pollLane(lane: string, { gate, watch }: Watched): Promise<void> {
    const progress = await this.store
      .progress(lane, claimGraceMs(gate.options.batchDelayMs))
      .catch(() => null);
    watch.observe(progress, this.isKeptBack(gate), this.clock.monotonicMs());
    this.note(lane, watch, progress);
    if (progress !== null) {
      this.looks.next({ lane, progress });
    }
  }

  /** This process knows why it begins nothing. A breaker that has cooled down keeps nothing back. */
  private isKeptBack({ breaker, processor }: LaneWorker): boolean {
    return this.shutdownState.isShuttingDown || breaker.retryInMs !== 0 || processor.isAtCapacity;
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
