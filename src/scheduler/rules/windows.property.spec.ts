import { describe, expect, it } from '@jest/globals';
import { MemoryDepartures } from '../../../test/support/memory-departures.js';
import { parseLimits } from '../../domain/limits/parse-limits.js';
import { seededRandom } from '../../external-api/seeded-random.js';
import { Configuration } from '../../platform/config/configuration.js';
import { toBase } from '../../platform/config/lane-layers.js';
import { UNPACED_LEAVE_MS } from '../queue/lane-grants.js';
import { toDepartureSeed } from '../settings/departure-seed.js';
import type { LaneDocument } from '../settings/lane-settings.repository.js';
import { admit } from './admit.js';
import type { Amount, RulesReading } from './departure-log.store.js';
import type { IdRun } from './id-run.js';
import { LaneRules, type WindowRule } from './lane-rules.js';

const COUNTED = ['calls', 'ids', 'units'] as const;
const RUNS = 60;
const CLAIMS = 150;
/** Dispatches of a lane between two changes while it has only a delay. */
const DELAYED = 30;
const LONG = 5;
const MICROSECONDS = 1000;

/** A claimed dispatch: its charge, and the latest moment at which it may leave. */
interface Claimed {
  readonly amount: Amount;
  departureNo: number;
  byUs: number;
}

interface Departed {
  /** The rules that the departure was claimed by; null while the lane had only a delay. */
  readonly rules: LaneRules | null;
  readonly atUs: number;
  readonly amount: Amount;
}

const MAX_DELAY_US = 100_000;
const MAX_UNPACED_US = UNPACED_LEAVE_MS * MICROSECONDS;
const MAX_LATE_US = 2_000_000;
const MAX_CALL_US = 500_000;
const [LANE] = Configuration.read({ BATCH_DELAY: '0.1' }).lanes;

/** Returns the settings of the lane with these limits; without any it has its delay. */
function toDocument(limits: readonly object[]): LaneDocument {
  return {
    base: toBase(LANE),
    replacedBases: [],
    overrides: limits.length === 0 ? {} : { limits: JSON.stringify(limits) },
  };
}

/** Draws rules, changes of rules, and claims; each claim leaves in time, is late and takes its place anew, crashes or
 * is given back. In between the lane has only a delay, and nothing that leaves is in the log. */
class RandomLane {
  readonly departed: Departed[] = [];
  rules: LaneRules;
  readonly missed: string[] = [];
  private readonly log = new MemoryDepartures();
  private readonly batchSize: number;
  private readonly isPerId: boolean;
  private waiting: Claimed[] = [];
  private limits: readonly object[] = [];
  private nowUs = 1_000_000_000;

  constructor(private readonly random: () => number) {
    this.batchSize = this.upTo(6);
    this.isPerId = this.random() < 0.3;
    this.rules = this.drawRules();
  }

  run(): void {
    for (let i = 0; i < CLAIMS; i++) {
      this.claim();
      this.nowUs += this.random() < 0.3 ? this.upTo(2000) : 0;
      this.letLeave();
      if (this.random() < 0.03) {
        this.changeRules();
      } else if (this.random() < 0.02) {
        this.haveOnlyDelay();
      }
    }
  }

  private drawRules(): LaneRules {
    const longer = this.random() < 0.3 ? LONG : 1;
    this.limits = Array.from({ length: this.upTo(4) }, () => {
      const counts = COUNTED[this.upTo(COUNTED.length) - 1] ?? 'ids';
      const limit = { [counts]: this.upTo(20), per: (longer * (1 + this.upTo(3000))) / 1000, margin: 0 };
      return counts === 'units' ? limit : { ...limit, spread: this.random() < 0.2 };
    });
    const { batchSize, isPerId } = this;
    return new LaneRules({ limits: parseLimits(this.limits), batchSize, isPerId, timeoutMs: 1000 });
  }

  private changeRules(): void {
    this.endWaiting();
    this.rules = this.drawRules();
  }

  /** The lane has limits, then only a delay, then limits again, which count what has left meanwhile. */
  private haveOnlyDelay(): void {
    this.endWaiting();
    const sent = Array.from({ length: this.upTo(DELAYED) }, () => {
      const ids = this.upTo(this.batchSize);
      const isLate = this.random() < 0.2;
      const atUs = this.nowUs + this.upTo(isLate ? MAX_LATE_US : MAX_UNPACED_US);
      this.nowUs += this.upTo(MAX_DELAY_US);
      return {
        atUs,
        endedUs: atUs + this.upTo(MAX_CALL_US),
        amount: this.rules.amountOf(ids, ids * this.upTo(3)),
      };
    })
      .filter(({ atUs }) => atUs <= this.nowUs + MAX_UNPACED_US) // the others never leave: their settings have changed
      .map((each) => ({ ...each, endedUs: each.endedUs > this.nowUs ? null : each.endedUs }));
    this.rules = this.drawRules();
    const seed = toDepartureSeed(LANE, toDocument([]), toDocument(this.limits));
    if (seed !== null) {
      this.log.seed(sent, seed, this.nowUs);
    }
  }

  /** Other rules hold once everything that was claimed by the old ones has left, or never will. */
  private endWaiting(): void {
    for (const claimed of this.waiting) {
      if (this.nowUs <= claimed.byUs) {
        this.leave(claimed, this.nowUs);
      } else {
        this.log.giveBack(claimed.departureNo, claimed.amount);
      }
    }
    this.waiting = [];
    this.nowUs += 5001;
  }

  private claim(): void {
    const runs = Array.from({ length: this.upTo(3) }, (): IdRun => ({
      rank: 1,
      ids: this.upTo(this.batchSize),
      units: this.upTo(3),
    }));
    const admission = admit(
      this.rules,
      this.read(),
      runs.map((run) => [run]),
    );
    if (admission.kind === 'closed') {
      this.checkClosed(admission.opensInUs ?? 0, runs);
      this.nowUs += Math.max(
        1,
        Math.round((admission.opensInUs ?? 0) * (this.random() < 0.2 ? this.random() : 1)),
      );
      return;
    }
    for (let left = admission.ids, place = 0; left > 0; place++) {
      const { ids = left, units = 1 } = runs[place] ?? {};
      const taken = Math.min(left, ids);
      const amount = this.rules.amountOf(taken, taken * units);
      this.waiting.push(this.append(amount));
      left -= amount.ids;
    }
  }

  private append(amount: Amount): Claimed {
    const byUs = this.nowUs + this.upTo(5000);
    return { amount, byUs, departureNo: this.log.append(amount, byUs) };
  }

  /** Every claimed dispatch meets its end, out of order. */
  private letLeave(): void {
    const staying: Claimed[] = [];
    for (const claimed of this.waiting.sort(() => this.random() - 0.5)) {
      const chance = this.random();
      if (chance < 0.2) {
        staying.push(claimed);
      } else if (chance < 0.3) {
        this.log.giveBack(claimed.departureNo, claimed.amount);
      } else if (chance < 0.35) {
        this.leaveAndCrash(claimed);
      } else if (this.nowUs <= claimed.byUs) {
        this.leave(claimed, this.nowUs + Math.floor(this.random() * (claimed.byUs - this.nowUs + 1)));
      } else {
        this.retake(claimed, staying);
      }
    }
    this.waiting = staying;
  }

  private leave({ amount }: Claimed, atUs: number): void {
    this.departed.push({ rules: this.rules, atUs, amount });
  }

  /** Nobody knows after a crash if the call left. */
  private leaveAndCrash(claimed: Claimed): void {
    if (this.random() < 0.5 && this.nowUs <= claimed.byUs) {
      this.leave(claimed, this.nowUs);
    }
  }

  private retake(claimed: Claimed, staying: Claimed[]): void {
    this.log.giveBack(claimed.departureNo, claimed.amount);
    const { ids, units } = claimed.amount;
    const admission = admit(this.rules, this.read(), [[{ rank: 1, ids, units: units / ids }]]);
    if (admission.kind === 'open' && admission.ids === claimed.amount.ids) {
      Object.assign(claimed, this.append(claimed.amount));
      staying.push(claimed);
    }
  }

  private read(): RulesReading {
    return {
      nowUs: this.nowUs,
      wallUs: this.nowUs,
      calendars: [],
      windows: this.rules.windows.map((rule) => this.log.read(rule, this.nowUs)),
      callsInFlight: 0,
    };
  }

  /** Compares with the charges one by one: a microsecond earlier not even the first dispatch fits whole. */
  private checkClosed(inUs: number, [first]: readonly IdRun[]): void {
    const wanted = this.rules.amountOfRuns(first === undefined ? [] : [first]);
    const fits = (atUs: number): boolean =>
      this.rules.windows.every((rule) => this.usedAt(rule, atUs) + wanted[rule.counts] <= rule.max);
    const opensAtUs = this.nowUs + inUs;
    if (inUs <= 0 || fits(opensAtUs - 1)) {
      this.missed.push(`${String(wanted.ids)} ids fit before ${String(opensAtUs)}`);
    }
  }

  private usedAt({ counts, perUs }: WindowRule, atUs: number): number {
    let before = 0;
    let used = 0;
    for (const row of this.log.rows) {
      used += row.departsUs > atUs - perUs ? row[counts] - before : 0;
      before = row[counts];
    }
    return used;
  }

  private upTo(max: number): number {
    return 1 + Math.floor(this.random() * max);
  }
}

/** Returns the windows that hold more than the maximum of the rules that a departure at their end was claimed by. */
function exceededWindows({ departed }: RandomLane): string[] {
  return departed.flatMap(({ rules, atUs: endUs }) =>
    (rules?.windows ?? []).flatMap(({ name, counts, max, perUs }) => {
      const used = departed
        .filter(({ atUs }) => atUs > endUs - perUs && atUs <= endUs)
        .reduce((sum, { amount }) => sum + amount[counts], 0);
      return used > max ? [`${name}: ${String(used)} in the window that ends at ${String(endUs)}`] : [];
    }),
  );
}

describe('window rules over random claims, late calls, crashes and charges given back', () => {
  const lanes = Array.from({ length: RUNS }, (_, seed) => {
    const lane = new RandomLane(seededRandom(seed + 1));
    lane.run();
    return lane;
  });

  it('never let more than the maximum leave in any window, wherever it begins', () => {
    expect(lanes.flatMap(exceededWindows)).toEqual([]);
    expect(lanes.reduce((sum, { departed }) => sum + departed.length, 0)).toBeGreaterThan(20 * RUNS);
  });

  it('never stay closed while the next dispatch fits whole', () => {
    expect(lanes.flatMap(({ missed }) => missed)).toEqual([]);
  });
});
