import { Injectable } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import {
  StatisticsRepository,
  type MinuteStatistics,
  type StatisticsPeriod,
} from './statistics.repository.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';
import { HOUR_MS, MINUTE_MS } from '../../platform/config/units.js';

export const RANGES = ['hour', 'day', 'week', 'month'] as const;
export type Range = (typeof RANGES)[number];

interface Span {
  readonly stepMs: number;
  readonly steps: number;
  readonly period: StatisticsPeriod;
}

const SPANS: Readonly<Record<Range, Span>> = {
  hour: { stepMs: MINUTE_MS, steps: 60, period: 'minute' },
  day: { stepMs: 10 * MINUTE_MS, steps: 144, period: 'minute' },
  week: { stepMs: HOUR_MS, steps: 168, period: 'hour' },
  month: { stepMs: 4 * HOUR_MS, steps: 180, period: 'hour' },
};

export interface Statistics {
  readonly stepMs: number;
  /** One point per step, also for a step without events. */
  readonly points: readonly MinuteStatistics[];
}

/** Reads statistics in steps of equal length, ready for a chart. */
@Injectable()
export class StatisticsService {
  constructor(
    private readonly store: StatisticsRepository,
    private readonly clock: Clock,
    private readonly options: SchedulerOptions,
  ) {}

  /** The names of all lanes, the default lane first. */
  get lanes(): readonly string[] {
    return this.options.laneNames;
  }

  /**
   * Reads the statistics of one lane, or of all lanes together (null).
   * @throws StoreUnavailableError
   */
  async read(range: Range, lane: string | null): Promise<Statistics> {
    const { stepMs, steps, period } = SPANS[range];
    const firstMs = (Math.floor(this.clock.wallMs() / stepMs) - steps + 1) * stepMs;
    const points = Array.from({ length: steps }, (_, i) => emptyPoint(firstMs + i * stepMs));
    for (const minuteStatistics of await this.store.read(lane, firstMs, period)) {
      const i = Math.floor((minuteStatistics.atMs - firstMs) / stepMs);
      const point = points[i];
      if (point !== undefined) {
        points[i] = add(point, minuteStatistics);
      }
    }
    return { stepMs, points };
  }
}

function emptyPoint(atMs: number): MinuteStatistics {
  return {
    atMs,
    dispatches: 0,
    ids: 0,
    completed: 0,
    retried: 0,
    failed: 0,
    callsMs: 0,
    slowestMs: 0,
    pending: { high: 0, medium: 0, low: 0, retries: 0 },
  };
}

/** Adds counts; of pending ids the later value is kept. */
function add(point: MinuteStatistics, minuteStatistics: MinuteStatistics): MinuteStatistics {
  return {
    atMs: point.atMs,
    dispatches: point.dispatches + minuteStatistics.dispatches,
    ids: point.ids + minuteStatistics.ids,
    completed: point.completed + minuteStatistics.completed,
    retried: point.retried + minuteStatistics.retried,
    failed: point.failed + minuteStatistics.failed,
    callsMs: point.callsMs + minuteStatistics.callsMs,
    slowestMs: Math.max(point.slowestMs, minuteStatistics.slowestMs),
    pending: minuteStatistics.pending,
  };
}
