interface Unit {
  readonly name: string;
  readonly seconds: number;
}

const UNITS: readonly Unit[] = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
];
/** From this count of a unit on, the next smaller unit is left out. */
const ROUGH_COUNT = 10;

/** Formats a duration with its largest unit, and the next one if there are few of it: `2 h 5 min`, `42 s`. */
export function formatDuration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const first = UNITS.findIndex((unit) => total >= unit.seconds);
  const [large, small] = UNITS.slice(first, first + 2);
  if (first === -1 || large === undefined) {
    return '0 s';
  }
  const count = Math.floor(total / large.seconds);
  const rest = small === undefined ? 0 : Math.floor((total % large.seconds) / small.seconds);
  const words = `${String(count)} ${large.name}`;
  return count >= ROUGH_COUNT || rest === 0 || small === undefined
    ? words
    : `${words} ${String(rest)} ${small.name}`;
}

/** Formats a time as its distance from now: `3 min ago`, `in 2 h`. Text that is no time is returned as it is. */
export function formatAge(time: string, nowMs = Date.now()): string {
  const seconds = Math.round((nowMs - Date.parse(time)) / 1000);
  if (Number.isNaN(seconds)) {
    return time;
  }
  if (seconds === 0) {
    return 'now';
  }
  return seconds > 0 ? `${formatDuration(seconds)} ago` : `in ${formatDuration(-seconds)}`;
}

/** Formats a time for use after "since" or "until": `2026-11-27T10:00:00.000Z (3 min ago)`. */
export function formatMoment(time: string, nowMs = Date.now()): string {
  return `${time} (${formatAge(time, nowMs)})`;
}

/** Formats a time with its distance first: `in 2 h (2026-11-27T12:00:00.000Z)`. */
export function formatEstimatedTime(time: string, nowMs = Date.now()): string {
  return `${formatAge(time, nowMs)} (${time})`;
}
