import { LIMITED_TIMEOUT_S, toSetting, type RateLimits } from './rate-limits.ts';

/**
 * Terms of the service under test. Its attempts are few and its retries quick, so that some ids soon fail.
 */
export const BATCH_SIZE = 3;
export const MAX_ATTEMPTS = 3;
export const RETRY_MAX_MS = 200;

/** Multiples of this number always fail, so that dead letters are certain. */
export const CURSED_EVERY = 211n;

export const LIMITS = {
  readyMs: 45_000,
  stopMs: 15_000,
  /** The time without progress after which the service counts as stalled. */
  stallMs: 15_000,
  requestMs: 15_000,
} as const;

/** The pace of a process: a delay, or limits. */
export type Pace = number | RateLimits;

/** Returns the service's environment, except for the store. */
export function serviceSettings(pace: Pace, upstreamUrl: string): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'INFO',
    BATCH_SIZE: String(BATCH_SIZE),
    ...(typeof pace === 'number' ? { BATCH_DELAY: String(pace / 1000) } : limitSettings(pace)),
    MAX_ATTEMPTS: String(MAX_ATTEMPTS),
    RETRY_BASE: '0.05',
    RETRY_MAX: String(RETRY_MAX_MS / 1000),
    IDEMPOTENCY_WINDOW_SECONDS: '86400',
    EXTERNAL_API_URL: upstreamUrl,
  };
}

function limitSettings(limits: RateLimits): Record<string, string> {
  return { LIMITS: JSON.stringify(toSetting(limits)), EXTERNAL_API_TIMEOUT: String(LIMITED_TIMEOUT_S) };
}
