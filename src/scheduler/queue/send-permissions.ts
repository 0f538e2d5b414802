import type { ClaimedDispatch } from '../../domain/dispatch.js';
import type { Runtime } from '../../domain/runtime.js';
import type { LaneOptions } from '../lanes/lane.options.js';
import { SendCoordinator, type SlotStore } from '../pacing/send-coordinator.js';
import { SlotSchedule } from '../pacing/slot-schedule.js';
import type { DepartureLog } from '../rules/departure-log.store.js';
import { LaneDepartures } from '../rules/lane-departures.js';
import type { ClosedByRule } from '../rules/rule-hold.js';
import type { ClaimedLane } from './claimed-lane.js';
import type { LaneClaim } from './lane-claim.js';
import { LaneClosures } from './lane-closures.js';
import { LaneGrants, OutdatedSettingsError, UNPACED_LEAVE_MS } from './lane-grants.js';
import type { GateReading, QueueRepository } from './queue.repository.js';

/**
 * The reason why a call is refused: the settings of its lane have changed since its claim, the lane has its quiet hours, or it
 * is held by its upstream or paused.
 */
export type Refusal = 'outdated' | 'quiet_hours' | 'closed';

/**
 * Decides when the calls of claimed dispatches may leave: in their slots, by the rules of their lane, and only as long as
 * the settings are those of their claim and their lease is held; never in the quiet hours of their lane.
 */
export class SendPermissions {
  private readonly sends = new Map<string, SendCoordinator>();
  /** The departures of the lanes that have rules. */
  private readonly departures = new Map<string, LaneDepartures>();
  private readonly grants = new LaneGrants();
  private readonly closures: LaneClosures;

  constructor(
    private readonly repository: QueueRepository,
    private readonly runtime: Runtime,
  ) {
    this.closures = new LaneClosures(runtime);
  }

  /** See `PriorityQueue.settingsChanged`. */
  settingsChanged({ name, settingsVersion, rules }: LaneOptions): void {
    this.grants.learn(name, settingsVersion);
    if (rules === null) {
      this.departures.delete(name);
    }
    this.sends.get(name)?.schedule.forgetDelay();
  }

  /** See `PriorityQueue.refusalOf`. */
  refusalOf(dispatch: ClaimedDispatch): Refusal | null {
    return (
      this.refusalInTime(dispatch) ?? (this.closures.isClosedForLateCalls(dispatch.lane) ? 'closed' : null)
    );
  }

  /** See `PriorityQueue.recordHold`. */
  recordHold(lane: string, forMs: number): void {
    this.closures.hold(lane, forMs);
  }

  /** See `PriorityQueue.awaitStart`. */
  awaitStart(dispatch: ClaimedDispatch): Promise<boolean> {
    return this.isPermitted(dispatch, (sends) => sends.awaitStart(dispatch.dispatchId));
  }

  /** See `PriorityQueue.awaitSendSlot`. */
  awaitSendSlot(dispatch: ClaimedDispatch): Promise<boolean> {
    return this.isPermitted(dispatch, (sends) => sends.awaitSendSlot(dispatch.dispatchId));
  }

  /** See `PriorityQueue.awaitFurtherSend`. */
  awaitFurtherSend(dispatch: ClaimedDispatch): Promise<boolean> {
    return this.isPermitted(dispatch, () => Promise.resolve(true));
  }

  /** See `PriorityQueue.recordSent`. */
  recordSent({ lane, dispatchId }: ClaimedDispatch): void {
    this.sendsOf(lane).recordSent(dispatchId);
    const grant = this.grants.of(dispatchId);
    grant?.departures?.recordSent(dispatchId);
    if (grant?.departures === null && this.repository.sharing.isShared) {
      grant.leavesByMs ??= this.runtime.monotonicMs() + UNPACED_LEAVE_MS; // its slot is used: further requests have none
    }
  }

  /**
   * Forgets a dispatch that has ended, and gives the charge of its unsent ids back.
   * @throws StoreUnavailableError; then the charge stays
   */
  async recordEnd(dispatch: ClaimedDispatch, unsentIds: number): Promise<void> {
    const departures = this.departuresOfDispatch(dispatch.dispatchId);
    this.forget(dispatch);
    await departures?.end(dispatch.dispatchId, unsentIds);
  }

  forget({ dispatchId }: ClaimedDispatch): void {
    this.grants.delete(dispatchId);
  }

  heldBy(lane: string): ClosedByRule | null {
    return this.departures.get(lane)?.hold.heldBy() ?? null;
  }

  asksForEachCall(lane: string): boolean {
    return this.departures.has(lane);
  }

  /** See `PriorityQueue.recordRenewal`. */
  renew({ dispatchId }: ClaimedDispatch, leaseEndsMs: number): void {
    this.grants.renew(dispatchId, leaseEndsMs);
  }

  /** Records the rights that a claim gives to its dispatches, with leases of `leaseMs`. */
  grant({ result, options, settingsVersion, departures, committedAtMs }: LaneClaim, leaseMs: number): void {
    if (result?.kind !== 'claimed') {
      return;
    }
    this.closures.observeClosed(options.name, false);
    const isPaced = options.batchDelayMs > 0 || departures?.rules.needsLog === true;
    const mustAsk = !isPaced && this.repository.sharing.isShared;
    const leavesByMs = mustAsk ? committedAtMs + UNPACED_LEAVE_MS : null;
    const leaseEndsMs = committedAtMs + leaseMs;
    for (const { dispatchId } of result.dispatches) {
      const { quietHours = null } = options;
      this.grants.add(dispatchId, { settingsVersion, departures, quietHours, leavesByMs, leaseEndsMs });
    }
  }

  /**
   * Resolves with true after the wait for the slot, if the rules of the lane allow the call, the dispatch was refused neither
   * before nor after, and its lease is held.
   */
  private async isPermitted(
    dispatch: ClaimedDispatch,
    awaitSlot: (sends: SendCoordinator) => Promise<boolean>,
  ): Promise<boolean> {
    const { lane, dispatchId } = dispatch;
    try {
      return (
        this.refusalInTime(dispatch) === null &&
        (await awaitSlot(this.sendsOf(lane))) &&
        (await this.awaitDeparture(dispatch)) &&
        (await this.awaitUnpaced(dispatch)) &&
        this.refusalInTime(dispatch) === null &&
        this.grants.isHeld(dispatchId, this.runtime.monotonicMs())
      );
    } catch (error) {
      if (error instanceof OutdatedSettingsError) {
        return false;
      }
      throw error;
    }
  }

  /** Returns why a call in time for its slot is refused. It leaves although a late one of its lane may be refused. */
  private refusalInTime(dispatch: ClaimedDispatch): Refusal | null {
    const { grants, closures, runtime } = this;
    if (grants.isOutdated(dispatch)) {
      return 'outdated';
    }
    if (grants.isQuiet(dispatch.dispatchId, runtime.wallMs())) {
      return 'quiet_hours';
    }
    return closures.isHeld(dispatch.lane) ? 'closed' : null;
  }

  /** Asks the store for the version of the settings before a late call leaves that has no slot of its own. */
  private async awaitUnpaced({ lane, dispatchId }: ClaimedDispatch): Promise<boolean> {
    const grant = this.grants.of(dispatchId);
    const nowMs = this.runtime.monotonicMs();
    if (grant !== undefined && grant.leavesByMs !== null && nowMs > grant.leavesByMs) {
      await this.readGate(lane);
      grant.leavesByMs = nowMs + UNPACED_LEAVE_MS;
      return !this.closures.isClosedForLateCalls(lane) && this.runtime.monotonicMs() <= grant.leavesByMs;
    }
    return true;
  }

  private async readGate(lane: string): Promise<GateReading> {
    const reading = await this.repository.readGate(lane);
    this.grants.learn(lane, reading.settingsVersion);
    this.closures.observe(lane, reading);
    return reading;
  }

  /** Returns the coordinator of the slots of a lane. */
  sendsOf(lane: string): SendCoordinator {
    let sends = this.sends.get(lane);
    if (sends === undefined) {
      const schedule = new SlotSchedule(this.runtime, this.repository.sharing);
      const store: SlotStore = {
        readGate: (name) => this.readGate(name),
        takeSlot: (name, epoch, slot) => this.repository.takeSlot(name, epoch, slot),
        publishLateSend: (name, epoch) => this.repository.publishLateSend(name, epoch),
      };
      const mayTakeSlot = (dispatchId: string): boolean =>
        !this.grants.isOutdated({ lane, dispatchId }) && !this.closures.isClosedForLateCalls(lane);
      sends = new SendCoordinator(lane, store, schedule, mayTakeSlot);
      this.sends.set(lane, sends);
    }
    return sends;
  }

  private async awaitDeparture({ dispatchId }: ClaimedDispatch): Promise<boolean> {
    return (await this.departuresOfDispatch(dispatchId)?.awaitDeparture(dispatchId)) ?? true;
  }

  private departuresOfDispatch(dispatchId: string): LaneDepartures | null {
    return this.grants.of(dispatchId)?.departures ?? null;
  }

  /** Returns the departures of a lane with these rules. Dispatches that were claimed by other rules keep theirs. */
  departuresOf({ options: { name, rules, settingsVersion = 0 } }: ClaimedLane): LaneDepartures | null {
    if (rules === undefined || rules === null) {
      return null;
    }
    let departures = this.departures.get(name);
    if (departures?.rules !== rules) {
      const { mutex } = this.sendsOf(name);
      const log = this.logOf(settingsVersion);
      departures = new LaneDepartures(name, rules, log, this.runtime, mutex);
      this.departures.set(name, departures);
    }
    return departures;
  }

  /** Returns the log for dispatches that were claimed under this version of the settings. */
  private logOf(settingsVersion: number): DepartureLog {
    const { departures } = this.repository;
    return {
      read: async (lane, question) => {
        const reading = await departures.read(lane, question);
        this.grants.learn(lane, reading.settingsVersion);
        this.closures.observeClosed(lane, reading.isClosed);
        if (reading.settingsVersion !== settingsVersion) {
          throw new OutdatedSettingsError(lane);
        }
        return reading;
      },
      append: (lane, epoch, amount, leavesWithinMs) => departures.append(lane, epoch, amount, leavesWithinMs),
      giveBack: (lane, departure, amount) => departures.giveBack(lane, departure, amount),
      agesOf: (lane, places) => departures.agesOf(lane, places),
      unitsPerId: (lane) => departures.unitsPerId(lane),
    };
  }
}
