/** What the log of departures says about one window rule. */
export interface WindowReading {
  /** The amount that departures in the window ending now are charged with. */
  readonly used: number;
  /**
   * The departure after which there is room for one: room opens once it has left the window. Null if the lane has not
   * used up `max` since its log began.
   */
  readonly oneAfterUs: number | null;
  /** The same for the amount of a full dispatch. */
  readonly wholeAfterUs: number | null;
  /** The oldest departure in the window: room grows once it has left the window. Null if the window is empty. */
  readonly nextAfterUs: number | null;
}

/** What a store says about the rules of a lane at one moment. Times are store time, in whole microseconds. */
export interface RulesReading {
  readonly nowUs: number;
  /** One reading for each window rule, in their order. */
  readonly windows: readonly WindowReading[];
  /** Calls without an answer, over all processes; not counted beyond the maximum of the rule. */
  readonly callsInFlight: number;
}
