import { Logger } from '@nestjs/common';
import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { DEFAULT_LANE } from '../../domain/lane.js';
import type { Clock } from '../../domain/clock.js';

export interface CircuitBreakerOptions {
  /** Failed dispatches in a row that open the breaker; 0 means never. */
  readonly threshold: number;
  /** Time without dispatches before one dispatch probes the upstream. */
  readonly cooldownMs: number;
}

/** The part of a call's result that the breaker needs. */
interface CallObservation {
  /** True if the upstream failed. */
  readonly isFailure: boolean;
}

/** State of a breaker, for people. */
export interface CircuitBreakerStatus {
  readonly state: 'closed' | 'open' | 'probing';
  /** Wall time when it opened, in ms; null while it is closed. */
  readonly openedAtMs: number | null;
  /** Time until a dispatch may probe; null while the breaker is closed or a probe is in flight. */
  readonly probeInMs: number | null;
}

/**
 * Stops dispatching to an upstream that fails several dispatches in a row. While it is open, ids stay pending and lose no
 * attempt. After the cool-down one dispatch probes the upstream; its result opens or closes the breaker. Each process has
 * its own breaker.
 */
export class CircuitBreaker {
  private readonly logger = new Logger('Breaker');
  private readonly policy: CircuitBreakerPolicy;
  private openedAt = { atMs: 0, atMonotonicMs: 0 };

  constructor(
    private readonly options: CircuitBreakerOptions,
    private readonly clock: Clock,
    lane = DEFAULT_LANE,
  ) {
    const { threshold, cooldownMs } = options;
    this.policy = circuitBreaker(
      handleWhenResult((result) => this.isFailure(result as CallObservation | null)),
      {
        breaker: new ConsecutiveBreaker(threshold === 0 ? Number.POSITIVE_INFINITY : threshold),
        // The cool-down is measured here on the monotonic clock, so a call that gets this far may probe.
        halfOpenAfter: Number.NEGATIVE_INFINITY,
      },
    );
    this.policy.onBreak(() => {
      this.openedAt = { atMs: clock.wallMs(), atMonotonicMs: clock.monotonicMs() };
      const msg = `open: the upstream fails; nothing is sent for ${String(cooldownMs / 1000)} s, then one dispatch tries`;
      this.logger.warn({ msg, lane });
    });
    this.policy.onReset(() => {
      this.logger.log({ msg: 'closed: the upstream answers again', lane });
    });
  }

  /** Time until a dispatch may begin: 0 if it may now, null while a probe is in flight. */
  get retryInMs(): number | null {
    switch (this.policy.state) {
      case CircuitState.Open:
        return this.cooldownRemainingMs();
      case CircuitState.HalfOpen:
        return null;
      default:
        return 0;
    }
  }

  /** Calls `listener` after each change of the state. */
  onChange(listener: (report: CircuitBreakerStatus) => void): void {
    this.policy.onStateChange(() => {
      listener(this.status());
    });
  }

  status(): CircuitBreakerStatus {
    const { state } = this.policy;
    return {
      state: state === CircuitState.Open ? 'open' : state === CircuitState.HalfOpen ? 'probing' : 'closed',
      openedAtMs: state === CircuitState.Closed ? null : this.openedAt.atMs,
      probeInMs: state === CircuitState.Open ? this.cooldownRemainingMs() : null,
    };
  }

  /** Runs the call and counts its result. Null means that the call was not sent. */
  execute<R extends CallObservation>(call: () => Promise<R | null>): Promise<R | null> {
    return this.policy.execute(call);
  }

  private cooldownRemainingMs(): number {
    const openForMs = this.clock.monotonicMs() - this.openedAt.atMonotonicMs;
    return Math.max(0, this.options.cooldownMs - openForMs);
  }

  /** Returns true if the result counts as a failure. A probe that was not sent does, so the breaker stays open. */
  private isFailure(result: CallObservation | null): boolean {
    return result === null ? this.policy.state === CircuitState.HalfOpen : result.isFailure;
  }
}
