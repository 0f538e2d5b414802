import { Logger } from '@nestjs/common';
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

type CircuitState = 'closed' | 'open' | 'probing';

/** State of a breaker, for people. */
export interface CircuitBreakerStatus {
  readonly state: CircuitState;
  /** Wall time when it opened, in ms; null while it is closed. */
  readonly openedAtMs: number | null;
  /** Time until a dispatch may probe; null while the breaker is closed or a probe is in flight. */
  readonly probeInMs: number | null;
}

/**
 * Stops dispatching to an upstream that fails several dispatches in a row. While it is open, ids stay pending and lose no
 * attempt. After the cool-down one dispatch probes the upstream; its result opens or closes the breaker. Each process has
 * its own breaker. The caller starts a call only if {@link retryInMs} is 0.
 */
export class CircuitBreaker {
  private readonly logger = new Logger('Breaker');
  private readonly listeners: ((report: CircuitBreakerStatus) => void)[] = [];
  private state: CircuitState = 'closed';
  /** The number of changes of the state. A call that ends in a later state than it began in is not counted. */
  private changes = 0;
  private failuresInARow = 0;
  private openedAt = { atMs: 0, atMonotonicMs: 0 };

  constructor(
    private readonly options: CircuitBreakerOptions,
    private readonly clock: Clock,
    private readonly lane = DEFAULT_LANE,
  ) {}

  /** Time until a dispatch may begin: 0 if it may now, null while a probe is in flight. */
  get retryInMs(): number | null {
    if (this.state === 'probing') {
      return null;
    }
    return this.state === 'open' ? this.cooldownRemainingMs() : 0;
  }

  /** Calls `listener` after each change of the state. */
  onChange(listener: (report: CircuitBreakerStatus) => void): void {
    this.listeners.push(listener);
  }

  status(): CircuitBreakerStatus {
    const { state } = this;
    return {
      state,
      openedAtMs: state === 'closed' ? null : this.openedAt.atMs,
      probeInMs: state === 'open' ? this.cooldownRemainingMs() : null,
    };
  }

  /** Runs the call and counts its result. Null means that the call was not sent. In the open state the call is the probe. */
  async execute<R extends CallObservation>(call: () => Promise<R | null>): Promise<R | null> {
    if (this.state === 'open') {
      this.changeTo('probing');
    }
    const changesBefore = this.changes;
    let result: R | null = null;
    try {
      result = await call();
      return result;
    } finally {
      if (this.changes === changesBefore) {
        this.count(result);
      }
    }
  }

  private count(result: CallObservation | null): void {
    if (this.state === 'probing') {
      // A probe that was not sent tells nothing about the upstream, so the next one waits as long again.
      this.changeTo(result === null || result.isFailure ? 'open' : 'closed');
      return;
    }
    if (result !== null) {
      this.failuresInARow = result.isFailure ? this.failuresInARow + 1 : 0;
      if (this.failuresInARow > 0 && this.failuresInARow === this.options.threshold) {
        this.changeTo('open');
      }
    }
  }

  private changeTo(state: CircuitState): void {
    this.state = state;
    this.changes += 1;
    this.failuresInARow = 0;
    if (state === 'open') {
      this.openedAt = { atMs: this.clock.wallMs(), atMonotonicMs: this.clock.monotonicMs() };
      const cooldownSeconds = String(this.options.cooldownMs / 1000);
      const msg = `open: the upstream fails; nothing is sent for ${cooldownSeconds} s, then one dispatch tries`;
      this.logger.warn({ msg, lane: this.lane });
    } else if (state === 'closed') {
      this.logger.log({ msg: 'closed: the upstream answers again', lane: this.lane });
    }
    for (const listener of this.listeners) {
      listener(this.status());
    }
  }

  private cooldownRemainingMs(): number {
    const openForMs = this.clock.monotonicMs() - this.openedAt.atMonotonicMs;
    return Math.max(0, this.options.cooldownMs - openForMs);
  }
}
