import { forecastDeparture, type Pace } from '../../domain/limits/forecast.js';
import type { PriorityRank } from '../../domain/priority.js';
import type { DeparturePlace, RulesReading } from './departure-log.store.js';
import type { LaneRules } from './lane-rules.js';

const MICROSECONDS = 1000;

/** The state of a lane with limits from which a forecast begins. */
export interface ForecastInput {
  readonly rules: LaneRules;
  readonly reading: RulesReading;
  readonly batchSize: number;
  /** The maximum number of dispatches in flight. */
  readonly maxInFlight: number;
  /** Mean duration of a call, in ms; 0 if it is unknown. */
  readonly callMs: number;
  /** Wall time of the reading, in ms. */
  readonly nowMs: number;
  /** The time for which the upstream holds the lane, in ms. */
  readonly heldForMs: number;
  /** The priority of the ids: what is reserved for higher ones is not theirs. */
  readonly rank: PriorityRank;
  /** Mean units of an id. */
  readonly unitsPerId: number;
}

/** A time before which the last of some ids cannot leave: so long after the departure at a place of the log. */
export interface HistoryBound {
  readonly place: DeparturePlace;
  readonly afterMs: number;
}

/** A window of a lane, as a forecast takes it. */
interface ForecastWindow {
  readonly counts: DeparturePlace['counts'];
  readonly max: number;
  readonly perMs: number;
  /** The number of ids that one counted unit lets go. */
  readonly unit: number;
}

/** An id that leaves at least `beforeMs` before the id of the forecast: the windows between take that long. */
interface EarlierId {
  readonly ids: number;
  readonly beforeMs: number;
}

/** Returns true if the limits say anything about how long ids take. With `in_flight` alone, calls must have been measured. */
export function isForecastable({ rules, callMs }: ForecastInput): boolean {
  return rules.needsLog || callMs > 0;
}

/**
 * Returns the places of the log that decide when the last of `ids` ids leaves. The window of that id has counted departures
 * until the one at the place leaves it; each whole window before it takes its length.
 */
export function historyBounds(input: ForecastInput, ids: number): HistoryBound[] {
  const windows = toForecastWindows(input);
  return earlierIds(windows, ids).flatMap(({ ids: place, beforeMs }) =>
    place === 0
      ? []
      : windows.map(({ counts, max, unit, perMs }) => {
          const full = wholeWindows(place, max * unit);
          const back = max - Math.ceil((place - full * max * unit) / unit);
          return { place: { counts, back }, afterMs: beforeMs + (full + 1) * perMs };
        }),
  );
}

/**
 * Returns the wall time in ms at which the last of `ids` ids will have left. `agesUs` are the ages of the departures at the
 * places of {@link historyBounds}. Each bound is a time before which the id cannot leave, so the latest one counts.
 */
export function forecastWithHistory(
  input: ForecastInput,
  ids: number,
  agesUs: readonly (number | null)[],
): number {
  const fromMs = input.nowMs + input.heldForMs;
  const byHistory = historyBounds(input, ids).flatMap(({ afterMs }, i) => {
    const ageUs = agesUs[i] ?? null;
    return ageUs === null ? [] : [input.nowMs - ageUs / MICROSECONDS + afterMs];
  });
  const paces = pacesOf(input);
  const byPaces = earlierIds(toForecastWindows(input), ids).map(
    ({ ids: place, beforeMs }) => forecastDeparture(place, paces, fromMs) + beforeMs,
  );
  return Math.max(...byPaces, ...byHistory);
}

/**
 * Returns the ids that decide when the last of `ids` ids leaves, itself among them. Two ids that are `max` places apart
 * leave at least one window apart, so whole windows are taken off: those of the longest one, then of the shorter ones.
 */
function earlierIds(windows: readonly ForecastWindow[], ids: number): EarlierId[] {
  const longestFirst = [...windows].sort((a, b) => b.perMs - a.perMs);
  const found: EarlierId[] = [{ ids, beforeMs: 0 }];
  for (const start of longestFirst.keys()) {
    let rest = ids;
    let beforeMs = 0;
    for (const { max, unit, perMs } of longestFirst.slice(start)) {
      const full = wholeWindows(rest, max * unit);
      rest -= full * max * unit;
      beforeMs += full * perMs;
      if (full > 0) {
        found.push({ ids: rest, beforeMs });
      }
    }
  }
  return found;
}

/** Returns the number of windows that end before the last of `ids` ids leaves. */
function wholeWindows(ids: number, perWindow: number): number {
  return Math.max(0, Math.ceil(ids / perWindow) - 1);
}

/** Calls in flight are one more window: no more than so many begin in the time that one takes. */
function pacesOf(input: ForecastInput): Pace[] {
  const { reading, heldForMs, callMs } = input;
  const windows = toForecastWindows(input).map(({ max, unit, perMs }, i): Pace => {
    const { used = 0, nextAfterUs = null } = reading.windows[i] ?? {};
    const opensInMs =
      nextAfterUs === null ? 0 : (nextAfterUs - reading.nowUs) / MICROSECONDS + perMs - heldForMs;
    const isOver = heldForMs >= perMs; // what the window has counted leaves it before the hold ends
    return {
      kind: 'window',
      max: max * unit,
      perMs,
      used: isOver ? 0 : used * unit,
      opensInMs: Math.max(0, opensInMs),
    };
  });
  const limits = [...windows, ...calendarPaces(input)];
  return callMs === 0 ? limits : [...limits, inFlightPace(input)];
}

function calendarPaces(input: ForecastInput): Pace[] {
  const { rules, reading, rank } = input;
  return rules.calendars.map(({ counts, maxByRank, calendar, marginUs }, i) => {
    const unit = idsPer(counts, maxByRank[rank], input);
    const used = reading.calendars[i]?.used ?? maxByRank[rank]; // a period that the store does not know lets none go
    return {
      kind: 'calendar',
      max: maxByRank[rank] * unit,
      calendar,
      marginMs: marginUs / MICROSECONDS,
      used: used * unit,
    };
  });
}

function inFlightPace({ rules, batchSize, maxInFlight, callMs }: ForecastInput): Pace {
  const { inFlight, isPerId } = rules;
  const byLimit = inFlight === null ? Number.POSITIVE_INFINITY : inFlight.max * (isPerId ? 1 : batchSize);
  const max = Math.min(byLimit, maxInFlight * batchSize);
  return { kind: 'window', max, perMs: callMs, used: 0, opensInMs: 0 };
}

function toForecastWindows(input: ForecastInput): ForecastWindow[] {
  return input.rules.windows.map(({ counts, max, perUs }) => ({
    counts,
    max,
    perMs: perUs / MICROSECONDS,
    unit: idsPer(counts, max, input),
  }));
}

/**
 * Returns how many ids one of the counted things lets go, of which a period allows `max`: a call of several ids carries a full
 * dispatch. Of units, each period lets a whole number of ids of the mean cost go.
 */
function idsPer(
  counts: DeparturePlace['counts'],
  max: number,
  { rules, batchSize, unitsPerId }: ForecastInput,
): number {
  if (counts === 'units') {
    return max <= 0 ? 1 : Math.max(1, Math.floor(max / unitsPerId)) / max;
  }
  return counts === 'calls' && !rules.isPerId ? batchSize : 1;
}
