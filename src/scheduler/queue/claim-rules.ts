import { admit, type Admission } from '../rules/admit.js';
import type { IdRun } from '../rules/id-run.js';
import type { DepartureDraft, RulesQuestion, RulesReading } from '../rules/departure-log.store.js';
import type { LaneDepartures } from '../rules/lane-departures.js';
import { Reserve } from '../rules/reserve.js';
import { toRuns } from './choose-dispatches.js';
import type { ClaimResult } from './claim-result.js';
import type { Candidate, CommittedClaim, LaneSelection, QueueHead } from './queue.repository.js';

/** The rules of a lane for one claim: what to ask the store about them, and which of the selected ids may go. */
export class ClaimRules {
  private answer: { readonly reading: RulesReading; readonly reserve: Reserve } | null = null;

  constructor(private readonly departures: LaneDepartures) {}

  /** Returns the result of a claim while a rule that was found spent is still spent; null if none is. */
  closed(): ClaimResult | null {
    const closed = this.departures.hold.closedBy();
    return closed === null ? null : { kind: 'slot_closed', ...closed };
  }

  /** Returns what the store has to be asked about the rules. */
  question(): RulesQuestion {
    return this.departures.question();
  }

  /** Records what the store answered. Returns false if the store must be asked again. */
  observe({ rules: reading }: QueueHead): boolean {
    if (reading === null) {
      throw new Error('the rules of the lane were not read');
    }
    this.answer = { reading, reserve: new Reserve(this.departures.rules, reading) };
    return this.departures.observe(reading);
  }

  /** Returns which ids are reserved for higher priorities; undefined if no rule reserves any. */
  reservation(): ((candidate: Candidate) => boolean) | undefined {
    const reserve = this.answer?.reserve;
    return reserve?.isNeeded === true ? (candidate) => reserve.keepsFrom(candidate) : undefined;
  }

  /** Returns the result of a claim whose ids are all reserved for higher priorities; null if none was kept back. */
  closedByReserve(): ClaimResult | null {
    const kept = this.answer?.reserve.kept ?? null;
    return kept === null
      ? null
      : { kind: 'slot_closed', ...this.departures.hold.reserve(kept.rule, kept.opensInUs) };
  }

  /** Decides how many ids of these dispatches may go now. With `isFirstWhole` the first one goes whole or waits. */
  admit(dispatches: readonly (readonly IdRun[])[], isFirstWhole: boolean): Admission {
    if (this.answer === null) {
      throw new Error('the rules of the lane were not read');
    }
    return admit(this.departures.rules, this.answer.reading, dispatches, isFirstWhole);
  }

  /** Returns the result of a claim of which nothing was admitted. */
  closedBy({ rule, opensInUs }: Extract<Admission, { readonly kind: 'closed' }>): ClaimResult {
    return { kind: 'slot_closed', ...this.departures.hold.close(rule, opensInUs) };
  }

  /** Returns what a claim of these dispatches is charged with; null if no rule needs the log. */
  draft(dispatches: readonly (readonly IdRun[])[]): DepartureDraft | null {
    return this.departures.draft(dispatches);
  }

  /** Records the departures of a claim whose commit began at `committedAtMs`. */
  record(
    { dispatches, epoch, firstDepartureNo }: CommittedClaim,
    { departures: draft, dispatches: selected }: LaneSelection,
    committedAtMs: number,
  ): void {
    if (draft === null || firstDepartureNo === null) {
      return;
    }
    draft.amounts.forEach((_, i) => {
      const departure = { departureNo: firstDepartureNo + i, epoch };
      this.departures.record(dispatches[i]?.dispatchId ?? '', toRuns(selected[i] ?? []), departure, {
        committedAtMs,
        leavesWithinMs: draft.leavesWithinMs,
      });
    });
  }
}
