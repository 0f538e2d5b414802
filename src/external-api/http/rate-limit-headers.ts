import type { UpstreamLimit } from '../external-api.js';
import type { RateLimitNames, RateLimitPair } from './rate-limit-names.js';
import { parseStructuredList } from './structured-list.js';
import { parseWaitMs, type ResponseClock } from './wait-time.js';

/** Returns all values of a header of a response; none if the response does not have it. */
export type HeaderReader = (name: string) => readonly string[];

/** A number of calls. A negative one means that none remains. */
const COUNT = /^([+-]?\d{1,15})(?:\.\d*)?$/;
/** The window of a limit as a parameter, in seconds, such as in `0;w=21600`. */
const WINDOW = /;\s*w=(\d{1,12})\b/;
/** The commas between the values of a list; the one after the name of a day belongs to a date. */
const LIST_COMMA = /(?<!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|day)),/;
/** A unit of which some come back with each call that ends, so that no time has to pass. */
const CONCURRENT_UNIT = 'concurrent-requests';

/**
 * Reads the limits that a response tells. A header that is malformed or does not say when more calls are accepted is
 * ignored. `impliesSpent` says that nothing remains where the number is missing, as in a response with status 429.
 */
export function readRateLimits(
  read: HeaderReader,
  names: RateLimitNames,
  clock: ResponseClock,
  impliesSpent: boolean,
): readonly UpstreamLimit[] {
  const structured = names.readsStructured ? readStructured(read, clock) : [];
  return [...structured, ...names.pairs.flatMap((pair) => readPair(read, pair, clock, impliesSpent))];
}

/** Reads `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers; up to its version 07 a Dictionary). */
function readStructured(read: HeaderReader, clock: ResponseClock): UpstreamLimit[] {
  const members = parseStructuredList(read('RateLimit').join(',')) ?? [];
  const header = 'RateLimit';
  if (members.some(({ key }) => key !== undefined)) {
    const valueOf = (key: string): string | undefined => members.find((member) => member.key === key)?.value;
    return toLimit(header, valueOf('remaining'), parseWait(valueOf('reset'), clock));
  }
  const policies = parseStructuredList(read('RateLimit-Policy').join(',')) ?? [];
  return members.flatMap(({ value, parameters }) => {
    const policy = policies.find((candidate) => candidate.value === value)?.parameters;
    return policy?.get('qu') === CONCURRENT_UNIT
      ? []
      : toLimit(header, parameters.get('r'), parseWait(parameters.get('t') ?? policy?.get('w'), clock));
  });
}

/** Reads two headers that may be lists: with one reset for all numbers, or with one for each. */
function readPair(
  read: HeaderReader,
  pair: RateLimitPair,
  clock: ResponseClock,
  impliesSpent: boolean,
): UpstreamLimit[] {
  const resets = read(pair.reset).flatMap(splitList);
  const counts = read(pair.remaining).flatMap(splitList);
  const [header, remaining] =
    counts.length > 0 ? [pair.remaining, counts] : [pair.reset, impliesSpent ? ['0'] : []];
  const waits = resets.map((reset) => parseWait(reset, clock) ?? 0);
  const longest = waits.length > 0 ? Math.max(...waits) : undefined;
  return remaining.flatMap((count, i) => {
    const wait = waits.length === remaining.length ? waits[i] : longest;
    return toLimit(header, count.split(';', 1)[0], wait ?? parseWait(WINDOW.exec(count)?.[1], clock));
  });
}

function splitList(value: string): string[] {
  return value.split(LIST_COMMA).filter((part) => part.trim() !== '');
}

function parseWait(text: string | undefined, clock: ResponseClock): number | undefined {
  return text === undefined ? undefined : parseWaitMs(text.split(';', 1)[0] ?? '', clock);
}

/** Returns a limit as a list of one; an empty list if a part is missing or malformed. */
function toLimit(header: string, count: string | undefined, resetInMs: number | undefined): UpstreamLimit[] {
  const remaining = COUNT.exec(count?.trim() ?? '')?.[1];
  return remaining === undefined || resetInMs === undefined
    ? []
    : [{ remaining: Math.max(0, Number(remaining)), resetInMs, header }];
}
