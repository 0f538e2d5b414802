import type { Clock } from '../../domain/clock.js';
import type { LaneOptions } from '../lanes/lane.options.js';
import type { SendCoordinator } from '../pacing/send-coordinator.js';
import { admit } from '../rules/admit.js';
import type { RulesReading } from '../rules/departure-log.store.js';
import type { LaneDepartures } from '../rules/lane-departures.js';
import type { LaneRules } from '../rules/lane-rules.js';
import { Reserve } from '../rules/reserve.js';
import type { IdRun } from '../rules/room.js';
import type { SchedulerOptions } from '../scheduler.options.js';
import { firstIds, selectPending, splitIntoDispatches } from './choose-dispatches.js';
import type { ClaimResult } from './claim-result.js';
import { lastServed } from './fair-share.js';
import {
  INITIAL_LISTS_PER_CLIENT,
  type Candidate,
  type CommittedClaim,
  type GateReading,
  type HeadRequest,
  type LaneSelection,
  type QueueHead,
  type Selection,
} from './queue.repository.js';

/** Number of races with other processes that a claim may lose before it pauses. */
const MAX_RACES = 10;
const PAUSE_MS = 2;

/** The lane of a claim. */
export interface ClaimedLane {
  readonly options: Pick<LaneOptions, 'name' | 'batchSize' | 'batchDelayMs'> & {
    readonly rules?: LaneRules | null;
  };
}

/** The rules that a claim has asked the store about, and the answer. */
interface RuledClaim {
  readonly departures: LaneDepartures;
  readonly rules: LaneRules;
  readonly reading: RulesReading;
}

/** The options of all claims. */
export type ClaimPolicy = Pick<SchedulerOptions, 'leaseMs' | 'agingMs' | 'fairShare'>;

/** One claim in one lane, from its first look at the slot to its result. */
export class LaneClaim {
  /** The result; null while the claim goes on. */
  result: ClaimResult | null = null;
  /** True if no id was due: then the time of the next retry is still to be read. */
  isNothingDue = false;
  private readonly maxIds: number;
  private listsPerClient: number | null;
  private racesLost = 0;
  private readAtMs = 0;
  private selected: readonly Selection[] = [];
  private selection: LaneSelection | null = null;
  /** The rules that the store was asked about last. */
  private rules: LaneRules | null = null;
  private committedAtMs = 0;

  constructor(
    private readonly lane: ClaimedLane,
    maxDispatches: number,
    private readonly policy: ClaimPolicy,
    readonly sends: SendCoordinator,
    private readonly clock: Clock,
    /** The lane's departures; null if the lane has no rules. */
    private readonly departures: LaneDepartures | null = null,
  ) {
    const { batchSize, batchDelayMs } = lane.options;
    // With a delay each dispatch needs a slot of its own.
    this.maxIds = batchSize * (batchDelayMs > 0 ? 1 : maxDispatches);
    this.listsPerClient = policy.fairShare ? INITIAL_LISTS_PER_CLIENT : null;
  }

  get name(): string {
    return this.lane.options.name;
  }

  /** Returns the request for the next reading, with the rules of this moment. */
  request(): HeadRequest {
    const { maxIds, listsPerClient } = this;
    const { name, batchSize, batchDelayMs } = this.lane.options;
    this.rules = this.departures?.rules ?? null;
    return {
      lane: name,
      maxIds,
      listsPerClient,
      batchSize,
      delayMs: batchDelayMs,
      leaseMs: this.policy.leaseMs,
      rules: this.departures?.question() ?? null,
    };
  }

  /** Begins an attempt. Returns false if the claim is decided, or if the data in memory say that the slot is closed. */
  begin(): boolean {
    this.readAtMs = this.clock.monotonicMs();
    return !this.isNothingDue && this.result === null && this.checkSlot() && this.checkKnownRule();
  }

  /** Chooses the next ids from the head. Returns the selection to commit; null if nothing of this head is committed. */
  choose(head: QueueHead): LaneSelection | null {
    this.sends.schedule.observe(head.gate);
    if (!this.checkSlot() || !this.checkGate(head.gate)) {
      return null;
    }
    const ruled = this.ruledBy(head);
    if (ruled?.departures.observe(ruled.reading) === false) {
      this.loseRace();
      return null;
    }
    const reserve = ruled === null ? null : new Reserve(ruled.rules, ruled.reading);
    this.selected = this.selectIds(head, reserve);
    if (this.mustReadDeeper(head)) {
      return null;
    }
    if (this.selected.length === 0) {
      this.endWithout(reserve);
      return null;
    }
    if (ruled !== null && !this.checkRules(ruled)) {
      return null;
    }
    this.selection = this.toSelection(head.gate.epoch);
    return this.selection;
  }

  /** Records the commit; null means that another process was faster. */
  commit(committed: CommittedClaim | null): void {
    if (committed === null) {
      this.loseRace();
      return;
    }
    const { dispatches, epoch } = committed;
    const last = dispatches.at(-1);
    const { selection, sends } = this;
    if (selection !== null && last !== undefined) {
      if (selection.slot.delayMs > 0) {
        const nowMs = this.clock.monotonicMs();
        sends.schedule.recordClaimLatency(nowMs - this.readAtMs);
        sends.schedule.recordCommitLatency(nowMs - this.committedAtMs);
      }
      sends.recordClaim(last.dispatchId, epoch, selection.slot, this.committedAtMs);
      this.recordDepartures(committed, selection);
    }
    this.result = { kind: 'claimed', dispatches };
  }

  private checkSlot(): boolean {
    const opensInMs = this.sends.schedule.claimInMs(this.lane.options.batchDelayMs);
    if (opensInMs > 0) {
      this.result = { kind: 'slot_closed', opensInMs };
    }
    return this.result === null;
  }

  private checkKnownRule(): boolean {
    const closed = this.departures?.closedBy() ?? null;
    if (closed !== null) {
      this.result = { kind: 'slot_closed', ...closed };
    }
    return this.result === null;
  }

  private selectIds(head: QueueHead, reserve: Reserve | null): readonly Selection[] {
    const terms = { maxIds: this.maxIds, agingMs: this.policy.agingMs };
    const isReserved = (candidate: Candidate): boolean => reserve?.keepsFrom(candidate) === true;
    return selectPending(head, reserve?.isNeeded === true ? { ...terms, isReserved } : terms);
  }

  private ruledBy({ rules: reading }: QueueHead): RuledClaim | null {
    const { departures, rules } = this;
    if (departures === null || rules === null) {
      return null;
    }
    if (reading === null) {
      throw new Error(`the rules of lane ${this.name} were not read`);
    }
    return { departures, rules, reading };
  }

  /** Ends a claim that found no ids which may go: nothing is due, or what is left is reserved for other ids. */
  private endWithout(reserve: Reserve | null): void {
    const { departures } = this;
    const kept = reserve?.kept ?? null;
    if (departures === null || kept === null) {
      this.isNothingDue = true;
    } else {
      this.result = { kind: 'slot_closed', ...departures.reserve(kept.rule, kept.opensInUs) };
    }
  }

  private loseRace(): void {
    this.racesLost += 1;
    if (this.racesLost === MAX_RACES) {
      this.result = { kind: 'slot_closed', opensInMs: PAUSE_MS };
    }
  }

  /** Keeps of the selected ids those that the rules of the lane allow now. */
  private checkRules({ departures, rules, reading }: RuledClaim): boolean {
    const dispatches = splitIntoDispatches(this.selected, this.lane.options.batchSize);
    const admission = admit(rules, reading, dispatches.map(toRuns));
    if (admission.kind === 'closed') {
      this.result = { kind: 'slot_closed', ...departures.close(admission.rule, admission.opensInUs) };
      return false;
    }
    this.selected = firstIds(this.selected, admission.ids);
    return true;
  }

  private recordDepartures(
    { dispatches, epoch, firstDepartureNo }: CommittedClaim,
    { departures: draft, dispatches: selected }: LaneSelection,
  ): void {
    if (draft === null || firstDepartureNo === null) {
      return;
    }
    draft.amounts.forEach((amount, i) => {
      const departure = { departureNo: firstDepartureNo + i, epoch };
      const charge = { amount, runs: toRuns(selected[i] ?? []) };
      this.departures?.record(dispatches[i]?.dispatchId ?? '', charge, departure, {
        committedAtMs: this.committedAtMs,
        leavesWithinMs: draft.leavesWithinMs,
      });
    });
  }

  private checkGate({ isPaused, heldForMs }: GateReading): boolean {
    if (isPaused) {
      this.result = { kind: 'paused' };
    } else if (heldForMs > 0) {
      this.result = { kind: 'held', opensInMs: heldForMs };
    }
    return this.result === null;
  }

  /** With fair share a client's turn may come after the last of its ingestions that were read. */
  private mustReadDeeper(head: QueueHead): boolean {
    const isDeeper = this.listsPerClient !== null && this.listsPerClient < this.maxIds && head.isTruncated();
    if (isDeeper && this.listsPerClient !== null) {
      this.listsPerClient *= 2;
    }
    return isDeeper;
  }

  private toSelection(epoch: number): LaneSelection {
    const { selected, policy, sends } = this;
    const { name, batchSize, batchDelayMs } = this.lane.options;
    this.committedAtMs = this.clock.monotonicMs();
    const dispatches = splitIntoDispatches(selected, batchSize);
    return {
      lane: name,
      epoch,
      dispatches,
      slot: sends.schedule.reserve(batchDelayMs),
      batchSize,
      leaseMs: policy.leaseMs,
      served: policy.fairShare ? lastServed(selected) : null,
      departures: this.departures?.draft(dispatches.map(toRuns)) ?? null,
    };
  }
}

function toRuns(dispatch: readonly Selection[]): IdRun[] {
  return dispatch.map(({ candidate: { rank }, size }) => ({ rank, ids: size }));
}
