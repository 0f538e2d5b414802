import type { Clock } from '../../domain/clock.js';
import type { ExternalApi } from '../../external-api/external-api.js';
import { CallStatistics } from './call-statistics.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { LastError } from './last-error.js';
import type { LaneOptions } from './lane.options.js';
import { PaceStatistics } from './pace-statistics.js';

/** A lane in this process: its options, its upstream, its circuit breaker and its statistics. */
export class Lane {
  readonly breaker: CircuitBreaker;
  readonly callStatistics = new CallStatistics();
  readonly lastError = new LastError();
  readonly paceStatistics: PaceStatistics;

  /** True while the lane is being retired: it takes no new lists. */
  isRetiring = false;

  constructor(
    readonly options: LaneOptions,
    private upstream: ExternalApi,
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

  /** The upstream, with its metrics and traces. */
  get externalApi(): ExternalApi {
    return this.upstream;
  }

  /** Sends later calls to another upstream. */
  useUpstream(upstream: ExternalApi): void {
    this.upstream = upstream;
  }
}
