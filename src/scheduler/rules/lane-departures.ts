import { PRIORITY_RANKS, type PriorityRank } from '../../domain/priority.js';
import type { Mutex } from '../../domain/mutex.js';
import type { Runtime } from '../../domain/runtime.js';
import { StoreUnavailableError } from '../../domain/store-errors.js';
import { reopensInUs } from './admit.js';
import type {
  Amount,
  Departure,
  DepartureDraft,
  DepartureLog,
  RulesQuestion,
  RulesReading,
} from './departure-log.store.js';
import type { LaneRules } from './lane-rules.js';
import { RuleHold } from './rule-hold.js';
import { leastUnits, mostUnits, sizeOf, type IdRun } from './id-run.js';

/** Share of the shortest window that a call has for leaving after its commit, and its bounds. */
const LEAVE_SHARE = 0.01;
const MIN_LEAVE_MS = 5;
const MAX_LEAVE_MS = 50;
/** Upper bound for the expected duration of a commit. */
const MAX_COMMIT_MS = 2000;
/** Weight of the last commit in the expected duration. */
const COMMIT_WEIGHT = 0.2;
/** A late dispatch that would have to wait longer goes back to the queue. */
const MAX_WAIT_MS = 1000;
/** Number of reads that a wrong idea of the store's clock may make void, one after the other. */
const MAX_READS = 10;
const MICROSECONDS = 1000;

/** A dispatch whose calls may leave, or have left. */
interface Charged {
  /** All ids of the dispatch. */
  readonly ids: number;
  /** The lowest priority of the dispatch: for a late call it counts for all of them. */
  readonly rank: PriorityRank;
  readonly runs: readonly IdRun[];
  /** Number of ids that have not left yet, as far as is known. */
  unsent: number;
  /** The departure that the log holds; null while a late call takes its place anew. */
  departure: Departure | null;
  /** The latest moment at which the calls may leave, on the monotonic clock. */
  leavesByMs: number;
}

/**
 * The departures of one lane that this process has charged. No call leaves later than its charge says: a late one gives
 * its charge back and waits until the rules allow it again. A call that certainly never left gives its charge back too.
 */
export class LaneDepartures {
  private readonly charged = new Map<string, Charged>();
  /** The rule that holds the lane, as far as this process knows. */
  readonly hold: RuleHold;
  private commitMs = MIN_LEAVE_MS;
  /** By how much the wall clock of the store is ahead of this process's, as far as is known. */
  private storeAheadUs = 0;

  constructor(
    private readonly lane: string,
    readonly rules: LaneRules,
    private readonly log: DepartureLog,
    private readonly runtime: Runtime,
    /** Claims and late calls of the lane in this process take their places one at a time. */
    private readonly mutex: Mutex,
  ) {
    this.hold = new RuleHold(runtime);
  }

  /** Returns what the store has to be asked about the rules. */
  question(): RulesQuestion {
    return this.rules.questionAt(this.runtime.wallMs() * MICROSECONDS + this.storeAheadUs);
  }

  /**
   * Takes over the clock of the store. Returns false if a reading does not tell the current period of a calendar and the
   * next one, because that clock was thought to show another time: then the store must be asked again.
   */
  observe({ wallUs, calendars }: RulesReading): boolean {
    this.storeAheadUs = wallUs - this.runtime.wallMs() * MICROSECONDS;
    return calendars.every(({ used, nextUs }) => used !== null && nextUs !== null);
  }

  /** Returns what a claim of these dispatches is charged with; null if no rule needs the log. */
  draft(dispatches: readonly (readonly IdRun[])[]): DepartureDraft | null {
    return this.rules.needsLog
      ? {
          amounts: dispatches.map((runs) => this.rules.amountOfRuns(runs)),
          leavesWithinMs: this.leavesWithinMs(),
        }
      : null;
  }

  /** Records a committed departure. The commit began at `committedAtMs`. */
  record(
    dispatchId: string,
    runs: readonly IdRun[],
    departure: Departure,
    { committedAtMs, leavesWithinMs }: { readonly committedAtMs: number; readonly leavesWithinMs: number },
  ): void {
    const tookMs = Math.min(this.runtime.monotonicMs() - committedAtMs, MAX_COMMIT_MS);
    this.commitMs += (tookMs - this.commitMs) * COMMIT_WEIGHT;
    this.hold.end();
    this.charged.set(dispatchId, {
      ids: sizeOf(runs),
      runs,
      rank: PRIORITY_RANKS.findLast((rank) => runs.some((run) => run.rank === rank)) ?? 0,
      unsent: sizeOf(runs),
      departure,
      leavesByMs: committedAtMs + leavesWithinMs,
    });
  }

  /**
   * Resolves with true when a call of this dispatch may leave: at once, or for a late one when the rules allow it again.
   * Resolves with false if that takes long, or if the lane is paused or held by its upstream: then nothing may leave, and the
   * dispatch has no charge any more.
   * @throws StoreUnavailableError
   */
  async awaitDeparture(dispatchId: string): Promise<boolean> {
    return !this.isLate(dispatchId) || this.mutex.runExclusive(() => this.retake(dispatchId));
  }

  /** Records that a call of this dispatch has left: its charge stays. */
  recordSent(dispatchId: string): void {
    const charged = this.charged.get(dispatchId);
    if (charged !== undefined) {
      charged.unsent = this.rules.isPerId ? Math.max(0, charged.unsent - 1) : 0;
    }
  }

  /**
   * Forgets a dispatch that has ended, and gives the charge of `unsentIds` ids back, which certainly never left.
   * @throws StoreUnavailableError; then the charge stays, as after a crash
   */
  async end(dispatchId: string, unsentIds: number): Promise<void> {
    const charged = this.charged.get(dispatchId);
    this.charged.delete(dispatchId);
    if (charged === undefined || charged.departure === null) {
      return;
    }
    const { isPerId } = this.rules;
    const ids = isPerId || unsentIds === charged.ids ? Math.min(unsentIds, charged.unsent) : 0;
    if (ids > 0) {
      await this.giveBack(charged.departure, this.leastOf(charged, ids));
    }
  }

  private isLate(dispatchId: string): boolean {
    const charged = this.charged.get(dispatchId);
    return (
      charged !== undefined && (charged.departure === null || this.runtime.monotonicMs() > charged.leavesByMs)
    );
  }

  /** Claims of this process wait meanwhile, so that no later ids take the place of this dispatch. */
  private async retake(dispatchId: string): Promise<boolean> {
    const giveUpMs = this.runtime.monotonicMs() + MAX_WAIT_MS;
    for (let charged = this.lateOne(dispatchId); charged !== null; charged = this.lateOne(dispatchId)) {
      await this.giveAllBack(charged);
      const opensInMs = await this.append(charged);
      if (!this.charged.has(dispatchId)) {
        await this.giveAllBack(charged); // the dispatch has ended meanwhile
      } else if (this.runtime.monotonicMs() + opensInMs > giveUpMs) {
        return false;
      } else if (opensInMs > 0) {
        await this.runtime.sleep(opensInMs);
      }
    }
    return true;
  }

  private lateOne(dispatchId: string): Charged | null {
    const charged = this.charged.get(dispatchId);
    return charged !== undefined && this.isLate(dispatchId) ? charged : null;
  }

  /** Charges a late call anew, if the rules allow it now. Returns the time to wait before the next attempt. */
  private async append(charged: Charged): Promise<number> {
    const { epoch, rules, reading, isClosed } = await this.read();
    if (isClosed) {
      return Number.POSITIVE_INFINITY;
    }
    const { runs, rank, unsent } = charged;
    const wanted = rules.amountOf(unsent, mostUnits(runs, unsent));
    const opensInUs = reopensInUs(rules, reading, { rank, wanted });
    if (opensInUs > 0) {
      return Math.ceil(opensInUs / MICROSECONDS);
    }
    const leavesWithinMs = this.leavesWithinMs();
    const committedAtMs = this.runtime.monotonicMs();
    charged.departure = await this.log.append(this.lane, epoch, wanted, leavesWithinMs);
    charged.leavesByMs = committedAtMs + leavesWithinMs;
    return 0;
  }

  private async read(): Promise<{
    epoch: number;
    rules: LaneRules;
    reading: RulesReading;
    isClosed: boolean;
  }> {
    for (let reads = 0; reads < MAX_READS; reads++) {
      const { rules } = this;
      const { epoch, rules: reading, isClosed } = await this.log.read(this.lane, this.question());
      if (this.observe(reading)) {
        return { epoch, rules, reading, isClosed };
      }
    }
    throw new StoreUnavailableError('the clock of the store steps again and again');
  }

  /** Never gives back twice: where the store does not say if it has done so, the charge stays. */
  private async giveAllBack(charged: Charged): Promise<void> {
    const { departure } = charged;
    charged.departure = null;
    if (departure !== null) {
      await this.giveBack(departure, this.leastOf(charged, charged.unsent));
    }
  }

  /**
   * Where ids of a dispatch cost differently, it is not known which of them have left: as little as possible is given back,
   * and as much as possible charged anew.
   */
  private leastOf({ runs }: Charged, ids: number): Amount {
    return this.rules.amountOf(ids, leastUnits(runs, ids));
  }

  private async giveBack(departure: Departure, amount: Amount): Promise<void> {
    await this.log.giveBack(this.lane, departure, amount);
    this.hold.askAgain();
  }

  /** Returns the time from the begin of a commit to the latest moment at which its calls may leave. */
  private leavesWithinMs(): number {
    const leaveMs = Math.min(Math.max(this.rules.shortestWindowMs * LEAVE_SHARE, MIN_LEAVE_MS), MAX_LEAVE_MS);
    return Math.ceil(leaveMs + 2 * this.commitMs);
  }
}
