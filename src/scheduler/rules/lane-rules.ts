import { describeLimit, type Limit, type WindowLimit } from '../../domain/limits/limit.js';
import type { Amount, RulesQuestion, WindowQuestion } from './departure-log.store.js';

/** One rule that is checked against the log of departures. */
export interface WindowRule extends WindowQuestion {
  /** The limit that this rule keeps, for people. */
  readonly name: string;
}

/** The most calls without an answer, over all processes. */
export interface InFlightRule {
  readonly name: string;
  readonly max: number;
}

/** The part of a lane's options that its rules depend on. */
export interface RulesOptions {
  readonly limits: readonly Limit[];
  readonly batchSize: number;
  /** True if each id is a request of its own. */
  readonly isPerId: boolean;
  readonly timeoutMs: number;
}

/** The rules of one lane. */
export class LaneRules implements RulesQuestion {
  readonly windows: readonly WindowRule[];
  readonly inFlight: InFlightRule | null;
  readonly isPerId: boolean;
  /** The limits for people, in their order. */
  readonly names: readonly string[];
  /** Time for which a call may go on after its lease has expired. */
  readonly timeoutMs: number;

  constructor({ limits, batchSize, isPerId, timeoutMs }: RulesOptions) {
    this.isPerId = isPerId;
    this.timeoutMs = timeoutMs;
    this.names = limits.map(describeLimit);
    const full = this.amountOf(batchSize);
    this.windows = limits.flatMap((limit) => (limit.kind === 'window' ? toWindowRules(limit, full) : []));
    this.inFlight = limits.reduce<InFlightRule | null>(
      (strictest, limit) =>
        limit.kind === 'in_flight' && limit.max < (strictest?.max ?? Number.POSITIVE_INFINITY)
          ? { name: describeLimit(limit), max: limit.max }
          : strictest,
      null,
    );
  }

  /** The mean time between two full dispatches that the windows allow in the long run, in ms. */
  get intervalMs(): number {
    return Math.max(0, ...this.windows.map(({ max, perUs, whole }) => (whole * perUs) / max / 1000));
  }

  /** Returns the amount of a dispatch of `ids` ids. */
  amountOf(ids: number): Amount {
    return { calls: this.isPerId ? ids : 1, ids };
  }

  /** Returns the length of the shortest window, in ms; infinite without windows. */
  get shortestWindowMs(): number {
    return this.windows.reduce(
      (shortest, { perUs }) => Math.min(shortest, perUs / 1000),
      Number.POSITIVE_INFINITY,
    );
  }
}

/**
 * A spread limit has a second, shorter window for one full dispatch: after a dispatch the next one waits for its share
 * of the window.
 */
function toWindowRules(limit: WindowLimit, full: Amount): WindowRule[] {
  const { counts, max, perUs, marginUs, isSpread } = limit;
  const name = describeLimit(limit);
  const whole = Math.min(full[counts], max);
  const rule = { name, counts, max, perUs: perUs + marginUs, whole };
  return isSpread && whole < max
    ? [rule, { ...rule, max: whole, perUs: Math.ceil((rule.perUs * whole) / max) }]
    : [rule];
}
