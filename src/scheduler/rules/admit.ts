import type { PriorityRank } from '../../domain/priority.js';
import type { Amount, CalendarReading, RulesReading, WindowReading } from './departure-log.store.js';
import type { CalendarRule, LaneRules, WindowRule } from './lane-rules.js';
import { firstOf, sizeOf, type IdRun } from './id-run.js';
import { roomInFlight, roomOfCalendar, roomOfWindow, takeFrom } from './room.js';

/** The decision of the rules about the dispatches that could go next. */
export type Admission =
  /** The first `ids` ids may go now. */
  | { readonly kind: 'open'; readonly ids: number }
  /** Nothing may go before `opensInUs`; null if that depends on an answer, not on time. `rule` is the rule that holds. */
  | { readonly kind: 'closed'; readonly opensInUs: number | null; readonly rule: string };

interface Wait {
  readonly rule: string;
  readonly untilUs: number | null;
}

const NEVER = Number.NEGATIVE_INFINITY;
const NOTHING_USED = { used: 0, oneAfterUs: null, wholeAfterUs: null, nextAfterUs: null };
/** A lane looks again after this time if its next id costs more than a rule ever lets go: the id may have been cancelled. */
const REFUSED_US = 1_000_000;

/**
 * Decides how much of the next dispatches may go: those that fit whole into the least room that any rule leaves, or a
 * part of the first one. With room in a window for only a part it waits for a full dispatch, but no longer than the rule
 * takes to make that room: always going short keeps fragments for ever, always waiting wastes what does not divide. A
 * calendar makes no room within a period, so what it leaves goes at once. The dispatches are in their order. With
 * `isFirstWhole` the first one goes whole or waits.
 */
export function admit(
  rules: LaneRules,
  reading: RulesReading,
  dispatches: readonly (readonly IdRun[])[],
  isFirstWhole = false,
): Admission {
  const [first = []] = dispatches;
  const windows = rules.windows.map((rule, i) => roomOfWindow(rule, readingAt(reading.windows, i)));
  const calendars = rules.calendars.map((rule, i) => roomOfCalendar(rule, readingAt(reading.calendars, i)));
  const inFlight = roomInFlight(rules, reading);
  const fixed = inFlight === null ? calendars : [...calendars, inFlight];
  const taken = takeFrom([...fixed, ...windows], dispatches, rules.isPerId);
  const whole = dispatches.filter((runs, i) => taken[i] === sizeOf(runs));
  if (whole.length > 0) {
    return { kind: 'open', ids: sizeOf(whole.flat()) };
  }
  // no window makes room for more than calendars and calls in flight allow
  const [most = 0] = takeFrom(fixed, [first], rules.isPerId);
  const least = isFirstWhole ? first : firstOf(first, 1);
  const one = rules.amountOfRuns(least);
  const waits = windowWaits(
    rules,
    reading,
    one,
    rules.amountOfRuns(firstOf(first, Math.max(sizeOf(least), most))),
  );
  if (most < sizeOf(least)) {
    waits.push(...fixedWaits(rules, reading, least));
  }
  const last = waits.reduce<Wait | null>(later, null);
  const [part = 0] = taken;
  const refusal = part > 0 ? null : rules.refusalOf(one.units, first[0]?.rank ?? 0);
  if (refusal !== null) {
    const rule = `${refusal.rule}, while the next id costs ${String(one.units)} units`;
    return { kind: 'closed', opensInUs: REFUSED_US, rule };
  }
  if (last === null) {
    return { kind: 'open', ids: part };
  }
  const opensInUs = last.untilUs === null ? null : last.untilUs - reading.nowUs;
  return { kind: 'closed', opensInUs, rule: last.rule };
}

/**
 * Returns the time until a late dispatch may go, in microseconds; zero or less if it may go now. Its calls are in flight
 * already. Where room for one id is not yet room for all, it is the time until room grows.
 */
export function reopensInUs(
  rules: LaneRules,
  reading: RulesReading,
  { rank, wanted }: { readonly rank: PriorityRank; readonly wanted: Amount },
): number {
  const openings = rules.windows.map((rule, i) =>
    roomFromUs(rule, readingAt(reading.windows, i), wanted[rule.counts]),
  );
  const periods = rules.calendars.map((rule, i) => {
    const { used, nextUs } = readingAt(reading.calendars, i);
    const isFree = used !== null && used + wanted[rule.counts] <= rule.maxByRank[rank];
    return isFree ? NEVER : (nextUs ?? NEVER);
  });
  return Math.max(NEVER, ...openings, ...periods) - reading.nowUs;
}

/** Returns true if the rules ever leave room for a whole dispatch like this. */
export function everAdmits(rules: LaneRules, runs: readonly IdRun[]): boolean {
  const windows = rules.windows.map((rule) => roomOfWindow(rule, NOTHING_USED));
  const calendars = rules.calendars.map((rule) => roomOfCalendar(rule, { used: 0, nextUs: null }));
  return takeFrom([...windows, ...calendars], [runs], rules.isPerId)[0] === sizeOf(runs);
}

/** Returns the windows for which the first dispatch has to wait. */
function windowWaits(rules: LaneRules, reading: RulesReading, one: Amount, wanted: Amount): Wait[] {
  return rules.windows.flatMap((rule, i): Wait[] => {
    const { counts } = rule;
    const untilUs = fullFromUs(rule, readingAt(reading.windows, i), one[counts], wanted[counts]);
    return untilUs > reading.nowUs ? [{ rule: rule.name, untilUs }] : [];
  });
}

/** Returns the calendars, and the limit for calls in flight, that do not let the least of the first dispatch go. */
function fixedWaits(rules: LaneRules, reading: RulesReading, least: readonly IdRun[]): Wait[] {
  const waits = rules.calendars.flatMap((rule, i): Wait[] => {
    const untilUs = periodFromUs(rules, rule, readingAt(reading.calendars, i), least);
    return untilUs > reading.nowUs ? [{ rule: rule.name, untilUs }] : [];
  });
  const { inFlight } = rules;
  return inFlight !== null && reading.callsInFlight >= inFlight.max
    ? [...waits, { rule: inFlight.name, untilUs: null }]
    : waits;
}

/** Returns the time from which a dispatch goes, full or with the room that there is; never without room for its first id. */
function fullFromUs(rule: WindowRule, reading: WindowReading, one: number, wanted: number): number {
  const roomUs = roomFromUs(rule, reading, wanted);
  const patienceUs = Math.ceil(((one - 1 + wanted) * rule.perUs) / rule.max);
  const partUs = (reading.oneAfterUs ?? NEVER) + rule.perUs + patienceUs;
  return Math.max(roomFromUs(rule, reading, one), Math.min(roomUs, partUs));
}

/**
 * Returns the time from which there is room for `wanted`. The log is asked about one and about a full dispatch; for an
 * amount between, and for units, it is the time at which room grows.
 */
function roomFromUs(rule: WindowRule, reading: WindowReading, wanted: number): number {
  const room = Math.max(0, rule.max - reading.used);
  const { oneAfterUs, wholeAfterUs, nextAfterUs } = reading;
  if (wanted <= room) {
    return NEVER;
  }
  const isWhole = rule.counts !== 'units' && wanted >= rule.whole;
  const afterUs = isWhole ? wholeAfterUs : room === 0 ? oneAfterUs : nextAfterUs;
  return (afterUs ?? NEVER) + rule.perUs;
}

/** Returns the time from which the period of a calendar has room for all ids of a dispatch. */
function periodFromUs(
  { isPerId }: LaneRules,
  rule: CalendarRule,
  reading: CalendarReading,
  runs: readonly IdRun[],
): number {
  const [fitting] = takeFrom([roomOfCalendar(rule, reading)], [runs], isPerId);
  return fitting === sizeOf(runs) ? NEVER : (reading.nextUs ?? NEVER);
}

function later(last: Wait | null, wait: Wait): Wait {
  const isLater =
    last === null || wait.untilUs === null || (last.untilUs !== null && wait.untilUs > last.untilUs);
  return isLater ? wait : last;
}

function readingAt<T>(readings: readonly T[], i: number): T {
  const reading = readings[i];
  if (reading === undefined) {
    throw new Error(`the store did not read rule ${String(i)}`);
  }
  return reading;
}
