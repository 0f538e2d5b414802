import { validateHeaderName } from 'node:http';

/** The names of the headers in which an upstream tells its limits. */
export interface RateLimitNames {
  /** If true, `RateLimit` is read, with `RateLimit-Policy`. */
  readonly readsStructured: boolean;
  readonly pairs: readonly RateLimitPair[];
}

/** Two headers that belong together. */
export interface RateLimitPair {
  /** The header with the number of calls that remain. */
  readonly remaining: string;
  /** The header that tells when there will be more. */
  readonly reset: string;
}

export const NO_RATE_LIMIT_NAMES: RateLimitNames = { readsStructured: false, pairs: [] };

export const STANDARD_RATE_LIMIT_NAMES: RateLimitNames = {
  readsStructured: true,
  pairs: ['RateLimit', 'X-RateLimit', 'X-Rate-Limit'].map((prefix) => ({
    remaining: `${prefix}-Remaining`,
    reset: `${prefix}-Reset`,
  })),
};

/**
 * Parses a setting: `off`, or a list of `standard` and pairs `Remaining-Header/Reset-Header`. Returns null if it is not
 * valid.
 */
export function parseRateLimitNames(setting: string): RateLimitNames | null {
  if (setting.trim().toLowerCase() === 'off') {
    return NO_RATE_LIMIT_NAMES;
  }
  const pairs: RateLimitPair[] = [];
  let readsStructured = false;
  for (const part of setting.split(',')) {
    const word = part.trim();
    if (word.toLowerCase() === 'standard') {
      readsStructured = true;
      pairs.push(...STANDARD_RATE_LIMIT_NAMES.pairs);
    } else {
      const [remaining = '', reset = '', ...rest] = word.split('/');
      if (rest.length > 0 || !isHeaderName(remaining) || !isHeaderName(reset)) {
        return null;
      }
      pairs.push({ remaining, reset });
    }
  }
  return { readsStructured, pairs };
}

function isHeaderName(name: string): boolean {
  try {
    validateHeaderName(name);
    return true;
  } catch {
    return false;
  }
}
