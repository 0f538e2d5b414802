import {
  describeLimit,
  type CalendarLimit,
  type Limit,
  type WindowLimit,
} from '../../domain/limits/limit.js';
import type { PriorityRank } from '../../domain/priority.js';
import { sizeOf, unitsOf, type IdRun } from './id-run.js';
import type { CalendarQuestion, WindowQuestion, Amount, RulesQuestion } from './departure-log.store.js';

const MICROSECONDS = 1000;
/** Numbers of periods before and after the current one that a question about a calendar names. */
const PERIODS_BEFORE = 2;
const PERIODS_AFTER = 61;

/** One rule that is checked against the log of departures. */
export interface WindowRule extends WindowQuestion {
  /** The limit that this rule keeps, for people. */
  readonly name: string;
}

/** A quota for each period of a calendar. */
export type CalendarRule = CalendarLimit & { readonly name: string };

/** The most calls without an answer, over all processes. */
export interface InFlightRule {
  readonly name: string;
  readonly max: number;
}

/** The part of a lane's options that its rules depend on. */
export interface RulesOptions {
  readonly limits: readonly Limit[];
  readonly batchSize: number;
  /** True if each id is a request of its own. */
  readonly isPerId: boolean;
  readonly timeoutMs: number;
}

/** The rules of one lane. */
export class LaneRules {
  readonly windows: readonly WindowRule[];
  readonly calendars: readonly CalendarRule[];
  readonly inFlight: InFlightRule | null;
  readonly isPerId: boolean;
  /** The limits for people, in their order. */
  readonly names: readonly string[];
  /** Time for which a call may go on after its lease has expired. */
  readonly timeoutMs: number;
  private readonly batchSize: number;
  private lastQuestion: RulesQuestion | null = null;

  constructor({ limits, batchSize, isPerId, timeoutMs }: RulesOptions) {
    this.isPerId = isPerId;
    this.timeoutMs = timeoutMs;
    this.batchSize = batchSize;
    this.names = limits.map(describeLimit);
    const full = this.amountOf(batchSize);
    this.windows = limits.flatMap((limit) => (limit.kind === 'window' ? toWindowRules(limit, full) : []));
    this.calendars = limits.flatMap((limit) =>
      limit.kind === 'calendar' ? [{ ...limit, name: describeLimit(limit) }] : [],
    );
    this.inFlight = limits.reduce<InFlightRule | null>(
      (strictest, limit) =>
        limit.kind === 'in_flight' && limit.max < (strictest?.max ?? Number.POSITIVE_INFINITY)
          ? { name: describeLimit(limit), max: limit.max }
          : strictest,
      null,
    );
  }

  /** True if the rules count departures, so that each one is added to the log. */
  get needsLog(): boolean {
    return this.windows.length + this.calendars.length > 0;
  }

  /** True if a rule depends on what ids cost. */
  get countsUnits(): boolean {
    return [...this.windows, ...this.calendars].some(({ counts }) => counts === 'units');
  }

  /** The mean time between two full dispatches that the limits allow in the long run, in ms. */
  get intervalMs(): number {
    const perDispatch = this.amountOf(this.batchSize);
    return Math.max(
      0,
      ...this.windows.map(
        ({ counts, max, perUs }) => (Math.min(perDispatch[counts], max) * perUs) / max / MICROSECONDS,
      ),
      ...this.calendars.map(
        ({ counts, max, calendar }) => (Math.min(perDispatch[counts], max) * calendar.lengthMs) / max,
      ),
    );
  }

  /**
   * Returns what a store is asked about the rules when its wall clock shows `wallUs`. It is the same object as long as the
   * periods of the calendars in it are enough.
   */
  questionAt(wallUs: number): RulesQuestion {
    if (this.lastQuestion === null || !isCurrent(this.lastQuestion, wallUs)) {
      const { windows, calendars, inFlight, isPerId, timeoutMs } = this;
      this.lastQuestion = {
        windows,
        calendars: calendars.map((rule) => toQuestion(rule, wallUs)),
        inFlight,
        isPerId,
        timeoutMs,
      };
    }
    return this.lastQuestion;
  }

  /** Returns the amount of a dispatch of `ids` ids that cost `units` together. */
  amountOf(ids: number, units: number = ids): Amount {
    return { calls: this.isPerId ? ids : 1, ids, units };
  }

  /** Returns the amount of a dispatch of these ids. */
  amountOfRuns(runs: readonly IdRun[]): Amount {
    return this.amountOf(sizeOf(runs), unitsOf(runs));
  }

  /**
   * Returns the rule that never lets one id with this cost and priority go, and the most that one may cost; null if every
   * rule lets it go.
   */
  refusalOf(units: number, rank: PriorityRank): { readonly rule: string; readonly maxUnits: number } | null {
    const least = [
      ...this.windows.map(({ name, counts, max }) => ({ name, counts, maxUnits: max })),
      ...this.calendars.map(({ name, counts, maxByRank }) => ({ name, counts, maxUnits: maxByRank[rank] })),
    ]
      .filter(({ counts, maxUnits }) => counts === 'units' && units > maxUnits)
      .sort((a, b) => a.maxUnits - b.maxUnits)[0];
    return least === undefined ? null : { rule: least.name, maxUnits: least.maxUnits };
  }

  /** Returns the most that one id of this priority may cost; null if no rule counts units. */
  maxUnitsOf(rank: PriorityRank): number | null {
    return this.refusalOf(Number.POSITIVE_INFINITY, rank)?.maxUnits ?? null;
  }

  /** Returns the length of the shortest window, in ms; infinite without windows. */
  get shortestWindowMs(): number {
    return this.windows.reduce(
      (shortest, { perUs }) => Math.min(shortest, perUs / MICROSECONDS),
      Number.POSITIVE_INFINITY,
    );
  }
}

/**
 * A spread limit has a second, shorter window for one full dispatch: after a dispatch the next one waits for its share
 * of the window.
 */
function toWindowRules(limit: WindowLimit, full: Amount): WindowRule[] {
  const { counts, max, perUs, marginUs, isSpread } = limit;
  const name = describeLimit(limit);
  const whole = counts === 'units' ? 1 : Math.min(full[counts], max);
  const rule = { name, counts, max, perUs: perUs + marginUs, whole };
  return isSpread && whole < max
    ? [rule, { ...rule, max: whole, perUs: Math.ceil((rule.perUs * whole) / max) }]
    : [rule];
}

function toQuestion({ counts, calendar, marginUs }: CalendarRule, wallUs: number): CalendarQuestion {
  const currentMs = calendar.startAt(Math.floor((wallUs - marginUs) / MICROSECONDS));
  const startsUs: number[] = [];
  for (let period = -PERIODS_BEFORE; period <= PERIODS_AFTER; period++) {
    startsUs.push(calendar.startAfter(currentMs, period) * MICROSECONDS);
  }
  return { counts, startsUs, marginUs };
}

/** A question is used until its second but last period, so that a store whose clock is ahead still finds the next one. */
function isCurrent({ calendars }: RulesQuestion, wallUs: number): boolean {
  return calendars.every(({ startsUs, marginUs }) => {
    const [first = 0, last = 0] = [startsUs.at(1), startsUs.at(-2)];
    return first <= wallUs - marginUs && wallUs - marginUs < last;
  });
}
