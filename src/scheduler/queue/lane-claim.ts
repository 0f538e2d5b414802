import type { Clock } from '../../domain/clock.js';
import type { SendCoordinator } from '../pacing/send-coordinator.js';
import type { LaneDepartures } from '../rules/lane-departures.js';
import { firstIds, selectPending, splitIntoDispatches, toRuns } from './choose-dispatches.js';
import { groupByCalls, repeatedDispatchIds } from './repeated-calls.js';
import { acceptedCalls, UNLIMITED_CALLS, type AcceptedCalls } from './accepted-calls.js';
import { ClaimAdmission } from './claim-admission.js';
import { ClaimRules } from './claim-rules.js';
import type { ClaimedLane, ClaimPolicy, ClaimRequest } from './claimed-lane.js';
import type { ClaimResult } from './claim-result.js';
import { closedByGate, closedByQuietHours, closedBySettings, closedBySlot } from './lane-closed.js';
import { lastServed } from './fair-share.js';
import { holdShortDispatch, type Filling } from './fill.js';
import {
  INITIAL_LISTS_PER_CLIENT,
  type Candidate,
  type CommittedClaim,
  type HeadRequest,
  type LaneSelection,
  type QueueHead,
  type Selection,
} from './queue.repository.js';

/** From this number of lists and retries on a claim begins no further dispatch: it would block the event loop for long. */
const MAX_CANDIDATES = 500;
/** Number of races with other processes that a claim may lose before it pauses. */
const MAX_RACES = 10;
const PAUSE_MS = 2;

/** One claim in one lane, from its first look at the slot to its result. */
export class LaneClaim {
  /** The result; null while the claim goes on. */
  result: ClaimResult | null = null;
  /** True if no id was due: then the time of the next retry is still to be read. */
  isNothingDue = false;
  /** The options of this claim, also if those of the lane change meanwhile. */
  readonly options: ClaimedLane['options'];
  private readonly sharesKey: boolean;
  private readonly isEarly: boolean;
  /** The last reading if its ids are too few for a dispatch: then the time of the next retry is still to be read. */
  filling: Filling | null = null;
  readonly admission = new ClaimAdmission();
  private maxIds: number;
  readonly maxDispatches: number;
  /** The most ids and dispatches that the upstream accepts now, as far as is known. */
  private accepted: AcceptedCalls = UNLIMITED_CALLS;
  private listsPerClient: number | null;
  private racesLost = 0;
  private readAtMs = 0;
  private selected: readonly Selection[] = [];
  /** The ids to send. Each inner list fills dispatches of its own. */
  private chosen: readonly (readonly Selection[])[] = [];
  private selection: LaneSelection | null = null;
  /** The rules of the lane; null if it has none. */
  private readonly rules: ClaimRules | null;
  /** When the commit of this claim began. */
  committedAtMs = 0;

  constructor(
    { lane, maxDispatches = 1, isEarly = false }: ClaimRequest,
    private readonly policy: ClaimPolicy,
    readonly sends: SendCoordinator,
    private readonly clock: Clock,
    /** The lane's departures; null if the lane has no rules. */
    readonly departures: LaneDepartures | null = null,
  ) {
    this.options = { ...lane.options };
    this.isEarly = isEarly;
    this.rules = departures === null ? null : new ClaimRules(departures);
    this.sharesKey = lane.externalApi?.sharesKey === true;
    const { batchSize, batchDelayMs } = this.options;
    // With a delay each dispatch needs a slot of its own.
    this.maxDispatches = batchDelayMs > 0 ? 1 : maxDispatches;
    this.maxIds = batchSize * this.maxDispatches;
    this.listsPerClient = policy.fairShare ? INITIAL_LISTS_PER_CLIENT : null;
  }

  get name(): string {
    return this.options.name;
  }

  get settingsVersion(): number {
    return this.options.settingsVersion ?? 0;
  }

  /** True if each id is a request of its own. */
  private get isPerId(): boolean {
    return (this.options.callsPerDispatch ?? 1) > 1;
  }

  /** Records that a step of lists was cancelled or admitted. */
  admitted(isMoreDue: boolean): void {
    this.maxIds = Math.min(this.maxIds, this.admission.end(isMoreDue, this.options.batchSize));
  }

  /** Returns the request for the next reading. */
  request(): HeadRequest {
    const { name, batchSize, batchDelayMs } = this.options;
    return {
      lane: name,
      maxIds: this.maxIds,
      listsPerClient: this.listsPerClient,
      batchSize,
      delayMs: batchDelayMs,
      leaseMs: this.policy.leaseMs,
      rules: this.rules?.question() ?? null,
    };
  }

  /** Begins an attempt. Returns false if the claim is decided, or if the data in memory say that the slot is closed. */
  begin(): boolean {
    this.readAtMs = this.clock.monotonicMs();
    return (
      !this.isNothingDue &&
      this.filling === null &&
      this.result === null &&
      this.isOpen(
        closedByQuietHours(this.options, this.clock) ?? this.closedBySlot() ?? this.rules?.closed() ?? null,
      )
    );
  }

  /** Selects the next ids of the head, in their order. Returns false if nothing of this head is committed. */
  select(head: QueueHead): boolean {
    this.sends.schedule.observe(head.gate);
    const closed =
      closedBySettings(head.gate, this.settingsVersion) ?? this.closedBySlot() ?? closedByGate(head.gate);
    if (!this.isOpen(closed)) {
      return false;
    }
    this.accepted = acceptedCalls(head.gate, this.isPerId);
    if (this.rules?.observe(head) === false) {
      this.loseRace();
      return false;
    }
    this.selected = this.selectIds(head);
    if (this.mustReadDeeper(head)) {
      return false;
    }
    if (this.selected.length === 0) {
      this.endWithout();
      return false;
    }
    return this.checkFill(head);
  }

  /** The dispatches whose calls the selected ids repeat. Their ids must be read before {@link choose}. */
  get repeatedDispatchIds(): readonly string[] {
    return this.sharesKey ? repeatedDispatchIds(this.selected) : [];
  }

  /**
   * Chooses what to send of the selected ids; `repeated` are those of the calls that are repeated. Returns the selection
   * to commit; null if nothing of this head is committed.
   */
  choose(head: QueueHead, repeated: readonly Candidate[]): LaneSelection | null {
    this.chosen = this.groupSelected(head, repeated);
    if (this.rules !== null && !this.checkRules(this.rules)) {
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
      this.rules?.record(committed, selection, this.committedAtMs);
    }
    this.result = { kind: 'claimed', dispatches };
  }

  /** Ends the claim if the lane is closed. Returns true if it is open. */
  private isOpen(closed: ClaimResult | null): boolean {
    this.result = closed;
    return closed === null;
  }

  private closedBySlot(): ClaimResult | null {
    return closedBySlot(this.sends.schedule, this.options.batchDelayMs, this.isEarly);
  }

  private selectIds(head: QueueHead): readonly Selection[] {
    const { accepted, options, rules } = this;
    const maxIds = Math.min(this.maxIds, accepted.ids, accepted.dispatches * options.batchSize);
    const cutoff = { candidates: MAX_CANDIDATES, batchSize: options.batchSize };
    const terms = { maxIds, cutoff, agingMs: this.policy.agingMs };
    const isReserved = rules?.reservation();
    return selectPending(head, isReserved === undefined ? terms : { ...terms, isReserved });
  }

  /** Keeps of the selected ids those that need not wait for more. */
  private checkFill({ nowMs: readTimeMs }: QueueHead): boolean {
    const { fill, batchSize } = this.options;
    if (fill === undefined || fill === null) {
      return true;
    }
    const { selected, waitMs } = holdShortDispatch(this.selected, batchSize, fill, readTimeMs);
    this.selected = selected;
    if (selected.length === 0 && waitMs !== null) {
      this.filling = { waitMs, readTimeMs, readAtMs: this.readAtMs };
    }
    return selected.length > 0;
  }

  /** Ends a claim that found no ids which may go: nothing is due, or what is left is reserved for other ids. */
  private endWithout(): void {
    this.result = this.rules?.closedByReserve() ?? null;
    this.isNothingDue = this.result === null;
  }

  private loseRace(): void {
    this.racesLost += 1;
    if (this.racesLost === MAX_RACES) {
      this.result = { kind: 'slot_closed', opensInMs: PAUSE_MS };
    }
  }

  /** Groups the selected ids by the dispatches that they may share. */
  private groupSelected(
    { nowMs }: QueueHead,
    repeated: readonly Candidate[],
  ): readonly (readonly Selection[])[] {
    const { batchSize } = this.options;
    const rules = this.departures?.rules ?? null;
    const maxDispatches = Math.min(this.maxDispatches, this.accepted.dispatches);
    return this.sharesKey && this.selected.some(({ candidate }) => candidate.keptKey !== undefined)
      ? groupByCalls(this.selected, repeated, { batchSize, maxDispatches, rules, nowMs })
      : [this.selected]; // the usual case: no more was selected than fits
  }

  /** Keeps of the selected ids those that the rules of the lane allow now. */
  private checkRules(rules: ClaimRules): boolean {
    const dispatches = splitIntoDispatches(this.chosen, this.options.batchSize);
    const isRepeated = this.sharesKey && this.chosen[0]?.[0]?.candidate.keptKey !== undefined;
    const admission = rules.admit(dispatches.map(toRuns), isRepeated);
    if (admission.kind === 'closed') {
      this.result = rules.closedBy(admission);
      return false;
    }
    this.chosen = firstIds(this.chosen, admission.ids);
    return true;
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
    const { chosen, policy, sends } = this;
    const { name, batchSize, batchDelayMs } = this.options;
    this.committedAtMs = this.clock.monotonicMs();
    const dispatches = splitIntoDispatches(chosen, batchSize);
    return {
      lane: name,
      epoch,
      dispatches,
      calls: this.isPerId ? chosen.flat().reduce((sum, { size }) => sum + size, 0) : dispatches.length,
      slot: sends.schedule.reserve(batchDelayMs),
      batchSize,
      leaseMs: policy.leaseMs,
      served: policy.fairShare ? lastServed(chosen.flat()) : null,
      departures: this.rules?.draft(dispatches.map(toRuns)) ?? null,
    };
  }
}
