/** What went on in one minute. */
export interface MinuteStatistics {
  /** Its beginning: wall time in ms. */
  readonly atMs: number;
  readonly dispatches: number;
  readonly ids: number;
  readonly completed: number;
  readonly retried: number;
  readonly failed: number;
  /** What all calls took together. */
  readonly callsMs: number;
  readonly slowestMs: number;
  /** What waited at the end of it. */
  readonly pending: Readonly<Record<'high' | 'medium' | 'low' | 'retries', number>>;
}

/** The last day, minute by minute. Every method throws `StoreUnavailableError`. */
export abstract class StatisticsRepository {
  /**
   * Adds to what other processes have counted of a lane in this minute; of what waits the last word holds. Minutes
   * before `forgetBeforeMs` go, of all lanes.
   */
  abstract add(lane: string, minuteStatistics: MinuteStatistics, forgetBeforeMs: number): Promise<void>;

  /** The minutes from `sinceMs` on in which there was something, in their order: of a lane, or of all (null) together. */
  abstract read(lane: string | null, sinceMs: number): Promise<MinuteStatistics[]>;
}
