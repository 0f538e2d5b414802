import { Injectable } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import type { PriorityRank } from '../../domain/priority.js';
import type { Lane } from '../lanes/lane.js';
import { QueueRepository } from '../queue/queue.repository.js';
import type { RulesReading } from '../rules/departure-log.store.js';
import { forecastWithHistory, historyBounds, isForecastable } from '../rules/departure-forecast.js';

/** The terms of a forecast. */
export interface ForecastTerms {
  readonly rank: PriorityRank;
  readonly heldForMs: number;
  /** The answer of the log of departures, as `LaneHolds` has read it; null if the lane has no limits. */
  readonly reading: RulesReading | null;
}

/** Tells when ids of a lane with limits will have left. */
@Injectable()
export class LaneForecast {
  constructor(
    private readonly repository: QueueRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves with the wall time in ms at which the last of so many ids will have left, for each of `counts`, if nothing
   * else is sent before them. What is reserved for priorities above `rank` is not counted on. Null if the lane has no limits, or if none of them says how long that takes. The cost does
   * not depend on the number of ids.
   * @throws StoreUnavailableError
   */
  async departuresAt(
    { options, callStatistics }: Lane,
    counts: readonly number[],
    { rank, heldForMs, reading }: ForecastTerms,
  ): Promise<readonly number[] | null> {
    const { name, rules, batchSize, maxInFlight } = options;
    if (rules === null || reading === null) {
      return null;
    }
    const { departures } = this.repository;
    const nowMs = this.clock.wallMs();
    const { callMs } = callStatistics;
    const countsUnits = [...rules.windows, ...rules.calendars].some(
      ({ counts: counted }) => counted === 'units',
    );
    const unitsPerId = countsUnits ? await departures.unitsPerId(name) : 1;
    const input = { rules, reading, batchSize, maxInFlight, callMs, nowMs, heldForMs, rank, unitsPerId };
    if (!isForecastable(input)) {
      return null;
    }
    const bounds = counts.map((ids) => historyBounds(input, ids));
    const places = bounds.flat().map(({ place }) => place);
    const ages = places.length === 0 ? [] : [...(await departures.agesOf(name, places))];
    return counts.map((ids, i) => forecastWithHistory(input, ids, ages.splice(0, bounds[i]?.length ?? 0)));
  }
}
