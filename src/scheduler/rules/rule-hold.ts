import type { Clock } from '../../domain/clock.js';

/** Time after which a lane looks again if answers to another process make room. */
const ANSWER_POLL_MS = 50;
/** A lane that waits for an answer counts as held for this time after it has looked. */
const ANSWER_HOLD_MS = 2000;
/** A lane that a rule holds for longer looks again after this time: another process can have given a charge back. */
const MAX_KNOWN_MS = 10_000;
const MICROSECONDS = 1000;

/** A rule, and the monotonic time until which it holds the lane. */
interface Hold {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly rule: string;
}

/** A lane that is closed by a rule, as far as this process knows. */
export interface ClosedByRule {
  readonly opensInMs: number;
  readonly rule: string;
}

/** The rule that holds a lane, as the last claim of this process found it. */
export class RuleHold {
  /** Holds all ids of the lane: the store need not be asked. */
  private closed: Hold | null = null;
  private held: Hold | null = null;

  constructor(private readonly clock: Clock) {}

  /** Returns the rule that is known to hold the lane now; null if the store must be asked. */
  closedBy(): ClosedByRule | null {
    const { closed } = this;
    const nowMs = this.clock.monotonicMs();
    return closed === null || nowMs >= Math.min(closed.untilMs, closed.sinceMs + MAX_KNOWN_MS)
      ? null
      : { opensInMs: closed.untilMs - nowMs, rule: closed.rule };
  }

  /** Returns the rule that held the lane at its last claim and may hold it still; null if none did. */
  heldBy(): ClosedByRule | null {
    const { held } = this;
    const opensInMs = (held?.untilMs ?? 0) - this.clock.monotonicMs();
    return held === null || opensInMs <= 0 ? null : { opensInMs, rule: held.rule };
  }

  /** Records that a rule holds the lane: for `opensInUs`, or until an answer if that is null. */
  close(rule: string, opensInUs: number | null): ClosedByRule {
    if (opensInUs === null) {
      const sinceMs = this.clock.monotonicMs();
      this.held = { sinceMs, untilMs: sinceMs + ANSWER_HOLD_MS, rule };
      return { opensInMs: ANSWER_POLL_MS, rule }; // the end of a call of this process wakes the lane at once
    }
    const opens = this.reserve(rule, opensInUs);
    this.closed = this.held;
    return opens;
  }

  /** Records that a rule holds all ids that are due now. It does not hold ids of a higher priority. */
  reserve(rule: string, opensInUs: number): ClosedByRule {
    const sinceMs = this.clock.monotonicMs();
    const opensInMs = Math.ceil(opensInUs) / MICROSECONDS;
    this.held = { sinceMs, untilMs: sinceMs + opensInMs, rule };
    return { opensInMs, rule };
  }

  /** Records that the store must be asked before the rule is known to hold the lane still. */
  askAgain(): void {
    this.closed = null;
  }

  /** Records that no rule is known to hold the lane. */
  end(): void {
    this.closed = null;
    this.held = null;
  }
}
