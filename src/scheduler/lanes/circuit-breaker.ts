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
  /** Failed dispatches in a row that open it; 0: it never opens. */
  readonly threshold: number;
  /** How long nothing is sent before one dispatch tries whether the upstream is back. */
  readonly cooldownMs: number;
}

/** The part of a call's result that the breaker looks at. */
interface CallObservation {
  /** The upstream did not do its work. */
  readonly isFailure: boolean;
}

/** How a breaker stands, for people. */
export interface CircuitBreakerStatus {
  readonly state: 'closed' | 'open' | 'probing';
  /** Wall time in ms; null while it is closed. */
  readonly openedAtMs: number | null;
  /** Until a dispatch may try; null while it is closed or one tries. */
  readonly probeInMs: number | null;
}

/**
 * Keeps dispatches from an upstream that fails them one after the other: while it is open they wait, and lose no
 * attempt. After a while one dispatch tries; what becomes of it opens or closes the breaker. Each process has its own.
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
        // The time is kept here, on a clock that nobody sets: whoever gets as far as a call may try.
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

  /** Zero when a dispatch may begin; null while one tries: its end tells. */
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

  /** Calls `listener` whenever the state has changed. */
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

  /** Makes the call, and looks at what becomes of it. Null is a call that was not made after all. */
  execute<R extends CallObservation>(call: () => Promise<R | null>): Promise<R | null> {
    return this.policy.execute(call);
  }

  private cooldownRemainingMs(): number {
    const openForMs = this.clock.monotonicMs() - this.openedAt.atMonotonicMs;
    return Math.max(0, this.options.cooldownMs - openForMs);
  }

  /** Where a try was not made after all, nobody knows more than before. */
  private isFailure(result: CallObservation | null): boolean {
    return result === null ? this.policy.state === CircuitState.HalfOpen : result.isFailure;
  }
}
