import { parseLimits } from '../../src/domain/limits/parse-limits.js';
import type { PriorityRank } from '../../src/domain/priority.js';
import { admit } from '../../src/scheduler/rules/admit.js';
import {
  forecastWithHistory,
  historyBounds,
  type ForecastInput,
} from '../../src/scheduler/rules/departure-forecast.js';
import type { RulesReading } from '../../src/scheduler/rules/departure-log.store.js';
import { LaneRules } from '../../src/scheduler/rules/lane-rules.js';
import { MemoryDepartures } from './memory-departures.js';

const SECOND_US = 1_000_000;
const RANK: PriorityRank = 2;

interface LaneTerms {
  readonly batchSize?: number;
  readonly isPerId?: boolean;
  readonly maxInFlight?: number;
  readonly callMs?: number;
  readonly heldForMs?: number;
}

/** A lane whose calls take no time: every dispatch leaves as soon as its rules allow it. */
export class ForecastLane {
  readonly rules: LaneRules;
  readonly log = new MemoryDepartures();
  nowUs = Date.parse('2026-11-27T12:00:00Z') * 1000;

  constructor(
    limits: unknown,
    private readonly terms: LaneTerms = {},
  ) {
    const { batchSize = 3, isPerId = false } = terms;
    this.rules = new LaneRules({ limits: parseLimits(limits), batchSize, isPerId, timeoutMs: 1000 });
  }

  get nowMs(): number {
    return this.nowUs / 1000;
  }

  /** Sends ids one dispatch after the other. Returns the time in ms at which the last one has left. */
  send(ids: number): number {
    const { batchSize = 3 } = this.terms;
    let sentMs = this.nowMs;
    for (let left = ids; left > 0;) {
      const admission = admit(this.rules, this.read(), [
        [{ rank: RANK, ids: Math.min(left, batchSize), units: 1 }],
      ]);
      if (admission.kind === 'open') {
        this.log.append(this.rules.amountOf(admission.ids), this.nowUs);
        left -= admission.ids;
        sentMs = this.nowMs;
      } else {
        this.nowUs += Math.ceil(admission.opensInUs ?? SECOND_US);
      }
    }
    return sentMs;
  }

  /** As {@link forecast} where the log has no departure that decides, with these parts of the input. */
  forecastWithoutHistory(ids: number, input: Partial<ForecastInput> = {}): number {
    return forecastWithHistory({ ...this.input(), ...input }, ids, []) - this.nowMs;
  }

  forecast(ids: number): number {
    const input = this.input();
    const ages = historyBounds(input, ids).map(({ place }) => this.log.ageAt(place, this.nowUs));
    return forecastWithHistory(input, ids, ages);
  }

  input(): ForecastInput {
    const { batchSize = 3, maxInFlight = 1000, callMs = 0, heldForMs = 0 } = this.terms;
    const { rules, nowMs } = this;
    return {
      rules,
      reading: this.read(),
      batchSize,
      maxInFlight,
      callMs,
      heldForMs,
      nowMs,
      rank: RANK,
      unitsPerId: this.log.unitsPerId(),
    };
  }

  /** The store's clock shows wall time. */
  private read(): RulesReading {
    const { nowUs, log } = this;
    const { windows, calendars } = this.rules.questionAt(nowUs);
    return {
      nowUs,
      wallUs: nowUs,
      windows: windows.map((window) => log.read(window, nowUs)),
      calendars: calendars.map((calendar) => log.readCalendar(calendar, { wallUs: nowUs })),
      callsInFlight: 0,
    };
  }
}
