import type {
  Amount,
  CalendarQuestion,
  CalendarReading,
  DeparturePlace,
  WindowQuestion,
  WindowReading,
} from '../../src/scheduler/rules/departure-log.store.js';
import type { DepartureSeed } from '../../src/scheduler/settings/lane-settings.repository.js';
import { removedDeparture } from '../../src/domain/limits/thinning.js';

/** A departure with the totals of its lane up to it. */
interface DepartureRow {
  readonly departureNo: number;
  readonly departsUs: number;
  calls: number;
  ids: number;
  units: number;
}

/** A log of departures in memory, as the definition says it: every question passes all rows. */
export class MemoryDepartures {
  rows: DepartureRow[] = [];
  private lastNo = 0;

  /** Adds a departure that leaves at `byUs` at the latest. Returns its number. */
  append({ calls, ids, units }: Amount, byUs: number): number {
    const last = this.rows.at(-1);
    this.lastNo += 1;
    this.rows.push({
      departureNo: this.lastNo,
      departsUs: Math.max(byUs, last?.departsUs ?? 0),
      calls: (last?.calls ?? 0) + calls,
      ids: (last?.ids ?? 0) + ids,
      units: (last?.units ?? 0) + units,
    });
    const removed = removedDeparture(this.lastNo);
    this.rows = this.rows.filter(({ departureNo }) => departureNo !== removed);
    return this.lastNo;
  }

  /**
   * Adds dispatches that are not in the log: those that have ended count from their ends, those in flight from the latest
   * moment at which they can still leave.
   */
  seed(
    sent: readonly { readonly endedUs: number | null; readonly amount: Amount }[],
    { withinMs, leavesWithinMs }: Pick<DepartureSeed, 'withinMs' | 'leavesWithinMs'>,
    nowUs: number,
  ): void {
    const counted = sent
      .filter(({ endedUs }) => endedUs === null || endedUs > nowUs - withinMs * 1000)
      .map(({ endedUs, amount }) => ({ amount, byUs: endedUs ?? nowUs + leavesWithinMs * 1000 }));
    for (const { amount, byUs } of counted.sort((one, other) => one.byUs - other.byUs)) {
      this.append(amount, byUs);
    }
  }

  /** Takes the charge of a departure back that certainly never left. */
  giveBack(departureNo: number, { calls, ids, units }: Amount): void {
    for (const row of this.rows.filter((each) => each.departureNo >= departureNo)) {
      row.calls -= calls;
      row.ids -= ids;
      row.units -= units;
    }
  }

  read(rule: WindowQuestion, nowUs: number): WindowReading {
    const total = this.rows.at(-1)?.[rule.counts] ?? 0;
    const left =
      this.rows.filter(({ departsUs }) => departsUs <= nowUs - rule.perUs).at(-1)?.[rule.counts] ?? 0;
    const next = this.rows.find(({ departsUs }) => departsUs > nowUs - rule.perUs);
    return {
      nextAfterUs: next?.departsUs ?? null,
      used: total - left,
      oneAfterUs: this.passed(rule, total + 1 - rule.max),
      wholeAfterUs: this.passed(rule, total + rule.whole - rule.max),
    };
  }

  /** Store time is `aheadUs` ahead of wall time. */
  readCalendar(
    { counts, startsUs, marginUs }: CalendarQuestion,
    { wallUs, aheadUs = 0 }: { readonly wallUs: number; readonly aheadUs?: number },
  ): CalendarReading {
    const startUs = startsUs.filter((start) => start + marginUs <= wallUs).at(-1);
    const nextUs = startsUs.find((start) => start + marginUs > wallUs);
    const fromUs = (startUs ?? 0) - marginUs + aheadUs;
    const before = this.rows.filter(({ departsUs }) => departsUs < fromUs).at(-1)?.[counts] ?? 0;
    return {
      used: startUs === undefined ? null : (this.rows.at(-1)?.[counts] ?? 0) - before,
      nextUs: nextUs === undefined ? null : nextUs + marginUs + aheadUs,
    };
  }

  /** Returns the age of the departure at a place, in microseconds. */
  ageAt({ counts, back }: DeparturePlace, nowUs: number): number | null {
    const departsUs = this.passed({ counts }, (this.rows.at(-1)?.[counts] ?? 0) - back);
    return departsUs === null ? null : nowUs - departsUs;
  }

  /** Returns the mean units of the ids in the log; 1 if it has counted none. */
  unitsPerId(): number {
    const { ids, units } = this.rows.at(-1) ?? { ids: 0, units: 0 };
    return ids === 0 ? 1 : units / ids;
  }

  private passed({ counts }: Pick<WindowQuestion, 'counts'>, total: number): number | null {
    return total <= 0 ? null : (this.rows.find((row) => row[counts] >= total)?.departsUs ?? null);
  }
}
