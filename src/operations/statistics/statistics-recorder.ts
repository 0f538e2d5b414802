import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Subscription } from 'rxjs';
import { QueueStore } from '../queue-admin/queue-admin.repository.js';
import { type SettledDispatch, DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import { Clock } from '../../domain/clock.js';
import { HistoryStore } from './statistics.repository.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** So late at the most a minute is written after its end. */
const LOOK_INTERVAL_MS = 5000;

interface Counts {
  dispatches: number;
  ids: number;
  completed: number;
  retried: number;
  failed: number;
  callsMs: number;
  slowestMs: number;
}

/** How long the last minute may take to be written. */
const LAST_WRITE_MS = 1000;

const NOTHING: Counts = {
  dispatches: 0,
  ids: 0,
  completed: 0,
  retried: 0,
  failed: 0,
  callsMs: 0,
  slowestMs: 0,
};

/** Counts what this process dispatches, and writes it down once a minute. A kill loses the minute it falls into. */
@Injectable()
export class HistoryRecorder implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('History');
  private readonly lanes: readonly string[];
  /** By lane. */
  private counts: ReadonlyMap<string, Counts>;
  private minuteMs: number;
  private ended: Subscription | undefined;

  constructor(
    private readonly store: HistoryStore,
    private readonly queue: QueueStore,
    { laneNames }: SchedulerOptions,
    private readonly news: DispatchEvents,
    private readonly clock: Clock,
  ) {
    this.lanes = laneNames;
    this.counts = this.countsAnew();
    this.minuteMs = this.currentMinuteMs();
  }

  onModuleInit(): void {
    this.ended = this.news.dispatchSettled.subscribe((dispatch) => {
      this.count(dispatch);
    });
  }

  /** Dispatches that end while the service stops are counted too; a store that does not answer does not hold the stop up. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ended?.unsubscribe();
    const isOver = new AbortController();
    const patience = sleep(LAST_WRITE_MS, undefined, { signal: isOver.signal }).catch(() => undefined);
    await Promise.race([this.write(this.minuteMs), patience]);
    isOver.abort();
  }

  @Interval(LOOK_INTERVAL_MS)
  async look(): Promise<void> {
    const over = this.minuteMs;
    const current = this.currentMinuteMs();
    if (current !== over) {
      this.minuteMs = current;
      await this.write(over);
    }
  }

  private count({ lane, ids, completed, retried, failed, callMs }: SettledDispatch): void {
    const counts = this.counts.get(lane);
    if (counts === undefined) {
      return;
    }
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
    this.counts = this.countsAnew();
    try {
      await Promise.all([...counts].map(([lane, its]) => this.writeLane(lane, its, atMs)));
    } catch (error) {
      this.logger.warn(`a minute is missing in the history: ${String(error)}`);
    }
  }

  private async writeLane(lane: string, counts: Counts, atMs: number): Promise<void> {
    const { waiting, retriesWaiting } = await this.queue.survey(lane);
    const { HIGH: high, MEDIUM: medium, LOW: low } = waiting;
    if (counts.dispatches + high + medium + low + retriesWaiting > 0) {
      await this.store.add(
        lane,
        { atMs, ...counts, waiting: { high, medium, low, retries: retriesWaiting } },
        atMs - DAY_MS,
      );
    }
  }

  private countsAnew(): ReadonlyMap<string, Counts> {
    return new Map(this.lanes.map((lane) => [lane, { ...NOTHING }]));
  }

  private currentMinuteMs(): number {
    return Math.floor(this.clock.wallMs() / MINUTE_MS) * MINUTE_MS;
  }
}
