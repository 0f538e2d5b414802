import type { Clock } from '../../domain/clock.js';
import type { ExternalApi } from '../../external-api/external-api.js';
import { CallStatistics } from './call-statistics.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { LaneOptions } from './lane.options.js';
import { PaceStatistics } from './pace-statistics.js';

/** A lane in this process: its options, its upstream, its circuit breaker and its statistics. */
export class Lane {
  readonly breaker: CircuitBreaker;
  readonly callStatistics = new CallStatistics();
  readonly paceStatistics: PaceStatistics;

  constructor(
    readonly options: LaneOptions,
    /** The upstream, with its metrics and traces. */
    readonly externalApi: ExternalApi,
    clock: Clock,
  ) {
    const breakerOptions = {
      get threshold() {
        return options.breakerThreshold;
      },
      get cooldownMs() {
        return options.breakerCooldownMs;
      },
    };
    this.breaker = new CircuitBreaker(breakerOptions, clock, options.name);
    this.paceStatistics = new PaceStatistics(options, clock);
  }

  get name(): string {
    return this.options.name;
  }
}
