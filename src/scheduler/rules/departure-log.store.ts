/** The amounts that a departure is charged with. */
export interface Amount {
  readonly calls: number;
  readonly ids: number;
  /** The cost of the ids. */
  readonly units: number;
}

/** A rule for each window of `perUs` microseconds, as the log is asked about it. */
export interface WindowQuestion {
  readonly counts: keyof Amount;
  readonly max: number;
  /** Length of the window with its margin, in whole microseconds. */
  readonly perUs: number;
  /** The amount of a full dispatch, or `max` if a full one never fits; 1 for units, which differ from id to id. */
  readonly whole: number;
}

/** A quota for each period of a calendar, as the log is asked about it. Times are wall time in whole microseconds. */
export interface CalendarQuestion {
  readonly counts: keyof Amount;
  /** The begins of periods that follow each other, the current one among them. */
  readonly startsUs: readonly number[];
  /** Calls within this time of a begin count in both periods. */
  readonly marginUs: number;
}

/** The question of a lane's rules to the log. */
export interface RulesQuestion {
  readonly windows: readonly WindowQuestion[];
  readonly calendars: readonly CalendarQuestion[];
  /** The most calls without an answer; null if no rule counts them. */
  readonly inFlight: { readonly max: number } | null;
  /** True if each id is a call of its own. */
  readonly isPerId: boolean;
  /** Time for which a call may go on after its lease has expired. */
  readonly timeoutMs: number;
}

/** The answer of the log about one window. */
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

/** The answer of the log about the current period of a calendar: the one that began a margin ago or earlier. */
export interface CalendarReading {
  /**
   * The amount of all departures since a margin before the begin of the period. Null if no period of the question has begun
   * yet: the clock of this process is far ahead of the store's.
   */
  readonly used: number | null;
  /** Store time at which the next period of the question becomes the current one; null if there is none. */
  readonly nextUs: number | null;
}

/** The answer of a store to the question of a lane's rules, of one moment. Times are store time, in whole microseconds. */
export interface RulesReading {
  readonly nowUs: number;
  /** Wall time of the store, in whole microseconds since the epoch. */
  readonly wallUs: number;
  /** One reading for each calendar, in their order. */
  readonly calendars: readonly CalendarReading[];
  /** One reading for each window, in their order. */
  readonly windows: readonly WindowReading[];
  /** Calls without an answer, over all processes; 0 if no rule counts them. */
  readonly callsInFlight: number;
}

/** The facts that a late call needs before it takes its place anew, all of one moment. */
export interface DepartureLogReading {
  /** The claim epoch. */
  readonly epoch: number;
  readonly rules: RulesReading;
  /** The version of the lane's settings. */
  readonly settingsVersion: number;
  /** True if the lane is paused, or held by its upstream: then no late call takes its place anew. */
  readonly isClosed: boolean;
}

/** The departures that a claim adds to the log, one for each dispatch. */
export interface DepartureDraft {
  readonly amounts: readonly Amount[];
  /** Time from the commit to the latest moment at which the calls may leave. */
  readonly leavesWithinMs: number;
}

/** A departure in the log. The epoch under which it was added is the fence: another server may have the same number. */
export interface Departure {
  readonly departureNo: number;
  readonly epoch: number;
}

/** A place in the log: the first departure with which no more than `back` of the running total was still to come. */
export interface DeparturePlace {
  readonly counts: keyof Amount;
  readonly back: number;
}

/**
 * The log of departures of all lanes, with running totals. A departure is charged before its call leaves. Its moment is
 * the latest one at which the call may leave, and never before that of the departure before it. Claims add departures;
 * these methods are for calls that leave later than that, or never.
 */
export abstract class DepartureLog {
  /** Reads what the rules have to know. */
  abstract read(lane: string, question: RulesQuestion): Promise<DepartureLogReading>;

  /**
   * Returns the age of the departure at each place, in whole microseconds; it is negative for a moment that is still to
   * come. Null for a place before the first departure.
   */
  abstract agesOf(lane: string, places: readonly DeparturePlace[]): Promise<readonly (number | null)[]>;

  /** Returns the mean units of the ids that the log has counted; 1 if it has counted none. */
  abstract unitsPerId(lane: string): Promise<number>;

  /**
   * Charges a late call anew. Resolves with null, and changes nothing, if the epoch is not the current one, or the lane is
   * paused or held.
   */
  abstract append(
    lane: string,
    epoch: number,
    amount: Amount,
    leavesWithinMs: number,
  ): Promise<Departure | null>;

  /** Takes the charge of calls back that certainly never left, from the totals of this and all later departures. */
  abstract giveBack(lane: string, departure: Departure, amount: Amount): Promise<void>;
}
