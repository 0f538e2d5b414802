import type { Random } from './random.ts';

/** At most `max` calls or ids in any window of `perMs`. */
export interface WindowLimit {
  readonly counts: 'calls' | 'ids';
  readonly max: number;
  readonly perMs: number;
}

/** Limits that hold at once. */
export interface RateLimits {
  readonly windows: readonly WindowLimit[];
  /** The most calls without an answer, over all processes. */
  readonly inFlight: number;
}

/**
 * The times in which limits held. From `fromMs` to `toMs` every call goes by them. In a change while the service runs, the
 * request for it is sent at `sentMs`, and the change that ends them is answered at `endedMs`.
 */
export interface LimitedTime {
  readonly limits: RateLimits;
  readonly sentMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly endedMs: number;
}

/** By default one round of this many has limits. */
export const LIMITED_EVERY = 3;
/** The timeout of a call; with the lease it bounds how long a killed process's calls count as in flight. */
export const LIMITED_TIMEOUT_S = 3;

/** The service's default margin: a fixed part, and a share of the window. */
const MARGIN_MS = 20;
const MARGIN_SHARE = 1e-4;

const FOR_ALL: readonly [RateLimits, ...RateLimits[]] = [
  {
    windows: [
      { counts: 'calls', max: 4, perMs: 150 },
      { counts: 'calls', max: 15, perMs: 2500 },
      { counts: 'ids', max: 32, perMs: 2000 },
    ],
    inFlight: 3,
  },
  {
    windows: [
      { counts: 'ids', max: 10, perMs: 300 }, // no multiple of a full dispatch
      { counts: 'calls', max: 12, perMs: 2000 },
    ],
    inFlight: 12,
  },
  { windows: [{ counts: 'calls', max: 30, perMs: 2000 }], inFlight: 4 },
  // the calls in flight are nearly always the limit that holds
  { windows: [{ counts: 'calls', max: 60, perMs: 1000 }], inFlight: 2 },
];

/** A window that outlasts a restart, also on a slow machine, and a short one. */
const FOR_RESTARTS: RateLimits = {
  windows: [
    { counts: 'calls', max: 10, perMs: 20_000 },
    { counts: 'calls', max: 2, perMs: 40 },
  ],
  inFlight: 8,
};

/** Draws limits for processes that run on. */
export function drawLimits(random: Random): RateLimits {
  return random.pick(FOR_ALL);
}

/** Draws limits for a process that is ended soon. */
export function drawLimitsForRestarts(random: Random): RateLimits {
  return random.pick([...FOR_ALL, FOR_RESTARTS]);
}

/** Returns the value of the setting `limits`. */
export function toSetting({ windows, inFlight }: RateLimits): readonly Record<string, number>[] {
  return [
    ...windows.map(({ counts, max, perMs }) => ({ [counts]: max, per: perMs / 1000 })),
    { in_flight: inFlight },
  ];
}

/** Returns the length (ms) of a window as the service keeps it. */
export function lengthWithMarginMs({ perMs }: WindowLimit): number {
  return perMs + MARGIN_MS + perMs * MARGIN_SHARE;
}
