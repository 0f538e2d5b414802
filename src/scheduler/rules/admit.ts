import type { Amount, RulesReading, WindowReading } from './departure-log.store.js';
import type { LaneRules, WindowRule } from './lane-rules.js';

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

/**
 * Decides how much of the next dispatches may go: those that fit whole into the least room that any rule leaves, or a
 * part of the first one. With room for only a part it waits for a full dispatch, but no longer than the rule takes to
 * make that room: always going short keeps fragments for ever, always waiting wastes what does not divide.
 * `sizes` are the numbers of ids of the dispatches in their order.
 */
export function admit(rules: LaneRules, reading: RulesReading, sizes: readonly number[]): Admission {
  const room = roomOf(rules, reading);
  const ids = wholeDispatches(rules, room, sizes);
  if (ids > 0) {
    return { kind: 'open', ids };
  }
  const [first = 0] = sizes;
  const part = partOf(rules, room, first);
  const waits = waitsOf(rules, reading, rules.amountOf(first), part === 0);
  const last = waits.reduce<Wait | null>(later, null);
  if (last === null) {
    return { kind: 'open', ids: part };
  }
  const opensInUs = last.untilUs === null ? null : last.untilUs - reading.nowUs;
  return { kind: 'closed', opensInUs, rule: last.rule };
}

/**
 * Returns the time until a late dispatch of `ids` ids may go, in microseconds; zero or less if it may go now. Its calls
 * are in flight already. Where room for one id is not yet room for all, it is the time until room grows.
 */
export function reopensInUs(rules: LaneRules, reading: RulesReading, ids: number): number {
  const wanted = rules.amountOf(ids);
  const openings = rules.windows.map((rule, i) =>
    roomFromUs(rule, readingAt(reading.windows, i), wanted[rule.counts]),
  );
  return Math.max(...openings) - reading.nowUs;
}

/** Returns the least room that the rules leave; never below zero. */
function roomOf(rules: LaneRules, { windows, callsInFlight }: RulesReading): Amount {
  const inFlight = rules.inFlight === null ? Number.POSITIVE_INFINITY : rules.inFlight.max - callsInFlight;
  let calls = Math.max(0, inFlight);
  let ids = Number.POSITIVE_INFINITY;
  rules.windows.forEach((rule, i) => {
    const room = windowRoom(rule, readingAt(windows, i));
    if (rule.counts === 'calls') {
      calls = Math.min(calls, room);
    } else {
      ids = Math.min(ids, room);
    }
  });
  return { calls, ids };
}

function wholeDispatches(rules: LaneRules, room: Amount, sizes: readonly number[]): number {
  let calls = 0;
  let ids = 0;
  for (const size of sizes) {
    const amount = rules.amountOf(size);
    if (calls + amount.calls > room.calls || ids + amount.ids > room.ids) {
      break;
    }
    calls += amount.calls;
    ids += amount.ids;
  }
  return ids;
}

function partOf({ isPerId }: LaneRules, room: Amount, first: number): number {
  return room.calls === 0 ? 0 : Math.min(first, room.ids, isPerId ? room.calls : first);
}

/** Returns the rules for which the first dispatch has to wait. An answer is waited for only if nothing may go. */
function waitsOf(rules: LaneRules, reading: RulesReading, wanted: Amount, isNothing: boolean): Wait[] {
  const waits = rules.windows.flatMap((rule, i): Wait[] => {
    const untilUs = fullFromUs(rule, readingAt(reading.windows, i), wanted[rule.counts]);
    return untilUs > reading.nowUs ? [{ rule: rule.name, untilUs }] : [];
  });
  const { inFlight } = rules;
  return isNothing && inFlight !== null && reading.callsInFlight >= inFlight.max
    ? [...waits, { rule: inFlight.name, untilUs: null }]
    : waits;
}

/** Returns the time from which a dispatch goes, full or with the room that there is. */
function fullFromUs(rule: WindowRule, reading: WindowReading, wanted: number): number {
  const roomUs = roomFromUs(rule, reading, wanted);
  const patienceUs = Math.ceil((wanted * rule.perUs) / rule.max);
  return Math.min(roomUs, (reading.oneAfterUs ?? Number.NEGATIVE_INFINITY) + rule.perUs + patienceUs);
}

/**
 * Returns the time from which there is room for `wanted`. The log is asked about one and about a full dispatch; for an
 * amount between, it is the time at which room grows.
 */
function roomFromUs(rule: WindowRule, reading: WindowReading, wanted: number): number {
  const room = windowRoom(rule, reading);
  const { oneAfterUs, wholeAfterUs, nextAfterUs } = reading;
  if (wanted <= room || (oneAfterUs ?? wholeAfterUs) === null) {
    return Number.NEGATIVE_INFINITY;
  }
  const afterUs = wanted >= rule.whole ? wholeAfterUs : room === 0 ? oneAfterUs : nextAfterUs;
  return (afterUs ?? Number.NEGATIVE_INFINITY) + rule.perUs;
}

function later(last: Wait | null, wait: Wait): Wait {
  const isLater =
    last === null || wait.untilUs === null || (last.untilUs !== null && wait.untilUs > last.untilUs);
  return isLater ? wait : last;
}

function windowRoom({ max }: WindowRule, { used }: WindowReading): number {
  return Math.max(0, max - used);
}

function readingAt(windows: readonly WindowReading[], i: number): WindowReading {
  const reading = windows[i];
  if (reading === undefined) {
    throw new Error(`the store did not read rule ${String(i)}`);
  }
  return reading;
}
