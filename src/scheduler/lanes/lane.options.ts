import { toRank, type PriorityRank } from '../../domain/priority.js';
import type { WindowLimit } from '../../domain/limits/limit.js';
import { sendsRequestPerId } from '../../external-api/mapping/is-per-id.js';
import { readLimits } from '../../platform/config/limits-text.js';
import type { QuietHours } from '../../domain/limits/quiet-hours.js';
import { readQuietHours } from '../../platform/config/quiet-hours-text.js';
import { readPriorities } from '../../platform/config/priorities-text.js';
import { SECOND_MS } from '../../platform/config/units.js';
import type { Variables } from '../../platform/config/variables.js';
import { LaneRules } from '../rules/lane-rules.js';

/** The terms on which a dispatch waits for more ids, see `FillTerms` in `queue/fill.ts`. */
export interface LaneFill {
  readonly minFill: number;
  readonly maxWaitMs: number;
  readonly exemptRanks: readonly PriorityRank[];
}

/**
 * Options of one lane: its pace, its retries and its circuit breaker. They change while the service runs: keep the
 * object, not its values, or copy it for one decision.
 */
export class LaneOptions {
  /** The version of the settings in the store that these options are made of; 0 before the first change. */
  readonly settingsVersion: number;
  readonly batchSize: number;
  /** Minimum time between the starts of two dispatches. It is 0 for a lane with rules, which has it among them. */
  readonly batchDelayMs: number;
  /** The limits of the lane; null if it has none but `BATCH_DELAY`. */
  readonly rules: LaneRules | null;
  /** The terms on which a short dispatch waits for more ids; null if it never does. */
  readonly fill: LaneFill | null;
  /** The hours in which nothing is sent; null if there are none. */
  readonly quietHours: QuietHours | null;
  /** Maximum number of calls in flight. */
  readonly maxInFlight: number;
  /** Requests of a full dispatch: one for each id where the upstream takes one id a request. */
  readonly callsPerDispatch: number;
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** Time after which a call is aborted. */
  readonly timeoutMs: number;
  /** The longest time that a Retry-After holds the lane; 0 ignores the header. */
  readonly retryAfterMaxMs: number;
  /** Failed dispatches in a row that open the breaker; 0 turns it off. */
  readonly breakerThreshold: number;
  readonly breakerCooldownMs: number;

  constructor(
    readonly name: string,
    variables: Variables,
    settingsVersion = 0,
  ) {
    this.settingsVersion = settingsVersion;
    this.batchSize = variables.BATCH_SIZE;
    const delayMs = variables.BATCH_DELAY * SECOND_MS;
    this.rules = toRules(variables, delayMs);
    this.batchDelayMs = this.rules === null ? delayMs : 0;
    this.fill = toFill(variables);
    this.quietHours = variables.QUIET_HOURS === undefined ? null : readQuietHours(variables.QUIET_HOURS);
    this.maxInFlight = variables.MAX_IN_FLIGHT;
    this.callsPerDispatch = sendsRequestPerId(variables) ? this.batchSize : 1;
    this.maxAttempts = variables.MAX_ATTEMPTS;
    this.retryBaseMs = variables.RETRY_BASE * SECOND_MS;
    this.retryMaxMs = variables.RETRY_MAX * SECOND_MS;
    this.timeoutMs = variables.EXTERNAL_API_TIMEOUT * SECOND_MS;
    this.retryAfterMaxMs = variables.RETRY_AFTER_MAX * SECOND_MS;
    this.breakerThreshold = variables.BREAKER_THRESHOLD;
    this.breakerCooldownMs = variables.BREAKER_COOLDOWN * SECOND_MS;
  }

  /** Takes the values of `options`, which are of the same lane. */
  replace(options: LaneOptions): void {
    Object.assign(this, options);
  }
}

/** Returns the mean time between two dispatches that the pace of a lane allows, in ms. */
export function intervalOf({ batchDelayMs, rules }: Pick<LaneOptions, 'batchDelayMs' | 'rules'>): number {
  return rules === null ? batchDelayMs : rules.intervalMs;
}

/** More ids than a dispatch can hold never come, so a full one never waits. */
function toFill({ MIN_FILL, MAX_WAIT, FILL_EXEMPT, BATCH_SIZE }: Variables): LaneFill | null {
  const minFill = Math.min(MIN_FILL, BATCH_SIZE);
  return minFill <= 1
    ? null
    : {
        minFill,
        maxWaitMs: MAX_WAIT * SECOND_MS,
        exemptRanks: readPriorities(FILL_EXEMPT ?? '').map(toRank),
      };
}

/** With limits, a delay is one more of them: so long after a dispatch only the calls of another one leave. */
function toRules(variables: Variables, delayMs: number): LaneRules | null {
  const { LIMITS, BATCH_SIZE: batchSize, EXTERNAL_API_TIMEOUT } = variables;
  const limits = LIMITS === undefined ? [] : readLimits(LIMITS);
  if (limits.length === 0) {
    return null;
  }
  const asksEach = sendsRequestPerId(variables);
  const delay: WindowLimit = {
    kind: 'window',
    counts: 'calls',
    max: asksEach ? batchSize : 1,
    perUs: Math.ceil(delayMs * 1000),
    marginUs: 0,
    isSpread: false,
  };
  return new LaneRules({
    limits: delayMs > 0 ? [...limits, delay] : limits,
    batchSize,
    isPerId: asksEach,
    timeoutMs: EXTERNAL_API_TIMEOUT * SECOND_MS,
  });
}
