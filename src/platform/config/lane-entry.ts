import type { ConfigError } from './config-error.js';
import type { Environment } from './read-variables.js';
import { VARIABLE_LIST } from './variables.js';

const LANE_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** The settings of one lane: the environment, overridden by the lane's own settings. They are not checked yet. */
export interface LaneEntry {
  readonly name: string;
  readonly environment: Environment;
  /** The variables that the lane itself sets. */
  readonly own?: Environment;
  /** Returns where the lane sets a variable, or the part of it that the names of `setting` lead to: the file and the line. */
  readonly locate?: (variable: string, setting?: readonly string[]) => string;
  /** Adds to an error where the lane is configured. */
  readonly explain: (error: ConfigError) => ConfigError;
}

/** Returns the reason why a lane cannot have this name; null if it can. */
export function whyNoLaneName(name: string): string | null {
  return LANE_NAME.test(name)
    ? null
    : `${JSON.stringify(name)} is no name for a lane: a-z, 0-9, _ and -, at most 63`;
}

/**
 * Returns the environment of a lane. One with an upstream of its own inherits nothing of another upstream, one with limits
 * of its own no other pace.
 */
export function toLaneEnvironment(environment: Environment, own: Environment): Environment {
  const inherited: Record<string, string | undefined> = { ...environment };
  if (own['EXTERNAL_API_URL'] !== undefined) {
    for (const [variable, { isOfUpstream }] of VARIABLE_LIST) {
      if (isOfUpstream === true) {
        inherited[variable] = undefined; // another upstream must not receive this one's method, headers or secrets
      }
    }
  }
  if (own['LIMITS'] !== undefined) {
    inherited['BATCH_DELAY'] = undefined; // the lane has a pace of its own
  }
  return { ...inherited, ...own };
}
