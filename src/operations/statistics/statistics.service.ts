import { Injectable } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import { StatisticsRepository, type MinuteStatistics } from './statistics.repository.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';
import { MINUTE_MS } from '../../platform/config/units.js';

export const RANGES = ['hour', 'day'] as const;
export type Range = (typeof RANGES)[number];

const SPANS: Readonly<Record<Range, { readonly stepMs: number; readonly steps: number }>> = {
  hour: { stepMs: MINUTE_MS, steps: 60 },
  day: { stepMs: 10 * MINUTE_MS, steps: 144 },
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
    const { stepMs, steps } = SPANS[range];
    const firstMs = (Math.floor(this.clock.wallMs() / stepMs) - steps + 1) * stepMs;
    const points = Array.from({ length: steps }, (_, i) => emptyPoint(firstMs + i * stepMs));
    for (const minuteStatistics of await this.store.read(lane, firstMs)) {
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
