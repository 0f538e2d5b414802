/** The statistics of one minute, or of one hour. */
export interface MinuteStatistics {
  /** The start of the period: wall time in ms. */
  readonly atMs: number;
  readonly dispatches: number;
  readonly ids: number;
  readonly completed: number;
  readonly retried: number;
  readonly failed: number;
  /** The sum of the durations of all upstream requests. */
  readonly callsMs: number;
  readonly slowestMs: number;
  /** Pending ids at the end of the period. */
  readonly pending: Readonly<Record<'high' | 'medium' | 'low' | 'retries', number>>;
}

/** Times before which statistics are deleted: wall time in ms. */
export interface StatisticsRetention {
  readonly minutesBeforeMs: number;
  readonly hoursBeforeMs: number;
}

/** The length of the periods that statistics are read by. */
export type StatisticsPeriod = 'minute' | 'hour';

/**
 * Stores statistics minute by minute, and their sums hour by hour, which are kept longer. Every method throws
 * `StoreUnavailableError`.
 */
export abstract class StatisticsRepository {
  /**
   * Adds the counts of this process to those of other replicas for the same minute and hour of a lane; the
   * pending ids are replaced. Minutes and hours of all lanes that are older than `retention` are deleted.
   */
  abstract add(
    lane: string,
    minuteStatistics: MinuteStatistics,
    retention: StatisticsRetention,
  ): Promise<void>;

  /**
   * Reads the minutes or hours from `sinceMs` on that have counts, in order: of one lane, or of all lanes
   * together (null).
   */
  abstract read(lane: string | null, sinceMs: number, period: StatisticsPeriod): Promise<MinuteStatistics[]>;
}
