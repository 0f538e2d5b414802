/** The statistics of one minute. */
export interface MinuteStatistics {
  /** The start of the minute: wall time in ms. */
  readonly atMs: number;
  readonly dispatches: number;
  readonly ids: number;
  readonly completed: number;
  readonly retried: number;
  readonly failed: number;
  /** The sum of the durations of all upstream requests. */
  readonly callsMs: number;
  readonly slowestMs: number;
  /** Pending ids at the end of the minute. */
  readonly pending: Readonly<Record<'high' | 'medium' | 'low' | 'retries', number>>;
}

/** Stores the statistics of the last day, minute by minute. Every method throws `StoreUnavailableError`. */
export abstract class StatisticsRepository {
  /**
   * Adds the counts of this process to those of other replicas for the same minute of a lane; the pending ids
   * are replaced. Minutes of all lanes before `forgetBeforeMs` are deleted.
   */
  abstract add(lane: string, minuteStatistics: MinuteStatistics, forgetBeforeMs: number): Promise<void>;

  /**
   * Reads the minutes from `sinceMs` on that have counts, in order: of one lane, or of all lanes together
   * (null).
   */
  abstract read(lane: string | null, sinceMs: number): Promise<MinuteStatistics[]>;
}
