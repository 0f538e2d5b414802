import type { PriorityRank } from '../../domain/priority.js';
import type { RulesReading } from './departure-log.store.js';
import type { LaneRules } from './lane-rules.js';
import type { IdRun } from './id-run.js';
import { roomOfCalendar, takeFrom } from './room.js';

/** The rule that keeps ids back for higher priorities, and the time until it does so no more. */
export interface KeptBack {
  readonly rule: string;
  readonly opensInUs: number;
}

/** The shares of calendar quotas that are reserved for priorities, at the moment of one reading. */
export class Reserve {
  /** The rule that kept ids back; null while none did. */
  kept: KeptBack | null = null;

  constructor(
    private readonly rules: LaneRules,
    private readonly reading: RulesReading,
  ) {}

  /** True if any rule reserves a share. */
  get isNeeded(): boolean {
    return this.rules.calendars.some(({ max, maxByRank }) => maxByRank[2] < max);
  }

  /** Returns true if an id may not go, although one of the highest priority could. */
  keepsFrom({ rank, units }: { readonly rank: PriorityRank; readonly units: number }): boolean {
    const { rules, reading } = this;
    const i = rules.calendars.findIndex((rule, at) => {
      const calendar = reading.calendars[at];
      const isFree = (run: IdRun): boolean =>
        calendar !== undefined && takeFrom([roomOfCalendar(rule, calendar)], [[run]], rules.isPerId)[0] === 1;
      return (
        rule.maxByRank[rank] < rule.max &&
        !isFree({ rank, ids: 1, units }) &&
        isFree({ rank: 0, ids: 1, units })
      );
    });
    const rule = rules.calendars[i];
    if (rule === undefined) {
      return false;
    }
    const nextUs = reading.calendars[i]?.nextUs ?? reading.nowUs;
    this.kept = { rule: `${rule.name}, of which the rest is reserved`, opensInUs: nextUs - reading.nowUs };
    return true;
  }
}
