import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Subscription } from 'rxjs';
import { QueueAdminRepository } from '../queue-admin/queue-admin.repository.js';
import { type SettledDispatch, DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import { Runtime } from '../../domain/runtime.js';
import { StatisticsRepository } from './statistics.repository.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';
import { DAY_MS, MINUTE_MS } from '../../platform/config/units.js';

/** Hours are kept a little longer than the longest range of `/history`, whose first step may begin within an hour. */
const HOURS_KEPT_MS = 31 * DAY_MS;

/** A minute is written at most this much later than its end. */
const POLL_INTERVAL_MS = 5000;

interface MinuteCounts {
  dispatches: number;
  ids: number;
  completed: number;
  retried: number;
  failed: number;
  callsMs: number;
  slowestMs: number;
}

/** The timeout for writing the last minute at a shutdown. */
const LAST_WRITE_TIMEOUT_MS = 1000;

const EMPTY_COUNTS: MinuteCounts = {
  dispatches: 0,
  ids: 0,
  completed: 0,
  retried: 0,
  failed: 0,
  callsMs: 0,
  slowestMs: 0,
};

/**
 * Counts the dispatches of this process, and stores the counts once a minute. If the process is killed, the
 * current minute is lost.
 */
@Injectable()
export class StatisticsRecorder implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('History');
  /** The counts by lane. */
  private counts: Map<string, MinuteCounts>;
  private minuteMs: number;
  private subscription: Subscription | undefined;

  constructor(
    private readonly store: StatisticsRepository,
    private readonly queue: QueueAdminRepository,
    private readonly options: SchedulerOptions,
    private readonly events: DispatchEvents,
    private readonly runtime: Runtime,
  ) {
    this.counts = this.newCounters();
    this.minuteMs = this.currentMinuteMs();
  }

  onModuleInit(): void {
    this.subscription = this.events.dispatchSettled.subscribe((dispatch) => {
      this.count(dispatch);
    });
  }

  /**
   * Writes the last minute. Dispatches that end during the shutdown are included; a store that does not
   * respond does not delay the shutdown beyond a second.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.subscription?.unsubscribe();
    const written = new AbortController();
    const timeout = this.runtime
      .sleep(LAST_WRITE_TIMEOUT_MS, { signal: written.signal })
      .catch(() => undefined);
    await Promise.race([this.write(this.minuteMs), timeout]);
    written.abort();
  }

  @Interval(POLL_INTERVAL_MS)
  async tick(): Promise<void> {
    const over = this.minuteMs;
    const current = this.currentMinuteMs();
    if (current !== over) {
      this.minuteMs = current;
      await this.write(over);
    }
  }

  private count({ lane, ids, completed, retried, failed, callMs }: SettledDispatch): void {
    const counts = this.counts.get(lane) ?? { ...EMPTY_COUNTS };
    this.counts.set(lane, counts);
    counts.dispatches += 1;
    counts.ids += ids;
    counts.completed += completed;
    counts.retried += retried;
    counts.failed += failed;
    counts.callsMs += callMs;
    counts.slowestMs = Math.max(counts.slowestMs, callMs);
  }

  private async write(atMs: number): Promise<void> {
    const { counts } = this;
    this.counts = this.newCounters();
    try {
      await Promise.all([...counts].map(([lane, its]) => this.writeLane(lane, its, atMs)));
    } catch (error) {
      this.logger.warn(`a minute is missing in the statistics: ${String(error)}`);
    }
  }

  private async writeLane(lane: string, minuteCounts: MinuteCounts, atMs: number): Promise<void> {
    const { pending, pendingRetries } = await this.queue.stats(lane);
    const { HIGH: high, MEDIUM: medium, LOW: low } = pending;
    if (minuteCounts.dispatches + high + medium + low + pendingRetries > 0) {
      await this.store.add(
        lane,
        { atMs, ...minuteCounts, pending: { high, medium, low, retries: pendingRetries } },
        { minutesBeforeMs: atMs - DAY_MS, hoursBeforeMs: atMs - HOURS_KEPT_MS },
      );
    }
  }

  private newCounters(): Map<string, MinuteCounts> {
    return new Map(this.options.laneNames.map((lane) => [lane, { ...EMPTY_COUNTS }]));
  }

  private currentMinuteMs(): number {
    return Math.floor(this.runtime.wallMs() / MINUTE_MS) * MINUTE_MS;
  }
}
