import { Injectable, Logger } from '@nestjs/common';
import { merge, Subject, type Observable } from 'rxjs';
import { sizeOf, type ClaimedDispatch, type Dispatch } from '../../domain/dispatch.js';
import { Runtime } from '../../domain/runtime.js';
import type { Lane } from '../lanes/lane.js';
import type { ClosedByRule } from '../rules/rule-hold.js';
import { SchedulerOptions } from '../scheduler.options.js';
import { AdmissionSchedule } from './admission-schedule.js';
import type { ClaimEvent, ClaimResult, LateRelease } from './claim-result.js';
import { ClaimRounds } from './claim-rounds.js';
import type { ClaimedLane, ClaimRequest } from './claimed-lane.js';
import { LaneClaim } from './lane-claim.js';
import { QueueRepository } from './queue.repository.js';
import { SendPermissions, type Refusal } from './send-permissions.js';

/**
 * The queue of pending ids, of all lanes. It holds no ids: the store is the queue. It decides which ids are claimed, and
 * when; the store reads and writes. It also carries the hint that ids have arrived.
 */
@Injectable()
export class PriorityQueue {
  private readonly logger = new Logger('PriorityQueue');
  private readonly arrivalsByLane = new Map<string, Subject<void>>();
  private readonly arrivalsAnywhere = new Subject<void>();
  private readonly claimed = new Subject<ClaimEvent>();
  private readonly started = new Subject<Dispatch>();
  private readonly late = new Subject<LateRelease>();
  private readonly permissions: SendPermissions;
  /** Monotonic time in ms until which each lane waits to fill a dispatch, as of its last claim. */
  private readonly filledAtMs = new Map<string, number>();
  private readonly schedule: AdmissionSchedule;
  private readonly rounds: ClaimRounds;

  constructor(
    private readonly repository: QueueRepository,
    private readonly options: SchedulerOptions,
    private readonly runtime: Runtime,
  ) {
    this.permissions = new SendPermissions(repository, runtime);
    this.schedule = new AdmissionSchedule(repository, runtime);
    this.rounds = new ClaimRounds(repository, this.permissions, this.schedule, options, runtime);
  }

  /** Emits the result of each claim. */
  get claims(): Observable<ClaimEvent> {
    return this.claimed;
  }

  /** Emits each claimed dispatch whose call may begin. */
  get starts(): Observable<Dispatch> {
    return this.started;
  }

  /** Emits when a dispatch is released because it was too late. */
  get lateReleases(): Observable<LateRelease> {
    return this.late;
  }

  /** Emits when ids may have arrived in this lane. It is a hint: it may come early, or not at all. */
  arrivals(lane: Lane): Observable<void> {
    return merge(this.arrivalsIn(lane), this.arrivalsAnywhere, this.repository.arrivals);
  }

  /** Tells the dispatcher that ids have arrived in this lane; in any lane where none is named. */
  notifyArrival(lane?: Lane): void {
    const arrivals = lane === undefined ? this.arrivalsAnywhere : this.arrivalsIn(lane);
    arrivals.next();
  }

  /** Tells the dispatcher that a list was accepted that is due in `inMs`. */
  notifyScheduled({ name }: Lane, inMs: number): void {
    this.schedule.add(name, inMs);
  }

  /** Returns the time until the next scheduled list is due in ms, 0 if it is due now; null if none is known. */
  scheduledInMs(lane: string): number | null {
    return this.schedule.dueInMs(lane);
  }

  /**
   * Admits one step of the scheduled lists that are due, as far as this process knows of them.
   * @throws StoreUnavailableError
   */
  admitDue(options: ClaimedLane['options']): Promise<void> {
    return this.schedule.admitDue(options);
  }

  /**
   * Claims the next dispatches of a lane if ids are due and its slot is open; one of a lane with a delay.
   * @throws StoreUnavailableError
   */
  claim(request: ClaimRequest): Promise<ClaimResult> {
    const sends = this.permissions.sendsOf(request.lane.options.name);
    const departures = this.permissions.departuresOf(request.lane);
    const claim = new LaneClaim(request, this.options, sends, this.runtime, departures);
    return sends.mutex.runExclusive(async () => {
      await this.rounds.decide(claim);
      return this.resultOf(claim);
    });
  }

  /**
   * Call it when the options of a lane were replaced by those of another version. From now on nothing of this process
   * leaves by the old ones: a call that has not left yet is refused, and its ids are released.
   */
  settingsChanged(lane: Lane): void {
    this.permissions.settingsChanged(lane.options);
    this.notifyArrival(lane);
  }

  /** Returns why no call of this dispatch leaves now, as far as is known; null if nothing but the time keeps it back. */
  refusalOf(dispatch: ClaimedDispatch): Refusal | null {
    return this.permissions.refusalOf(dispatch);
  }

  /**
   * Records that the upstream has asked this process to hold a lane. From now on no claimed call leaves that has not left yet,
   * until the hold is over; its ids are released.
   */
  recordHold(lane: string, forMs: number): void {
    this.permissions.recordHold(lane, forMs);
  }

  /**
   * Resolves with true when the call of a claimed dispatch must start so that it is ready when its slot opens. Resolves
   * with false if the commit was too late for its slot and others took the next ones, or its lease has ended meanwhile:
   * the ids are released.
   * @throws StoreUnavailableError; the dispatch will be released
   */
  async awaitStart(dispatch: Dispatch): Promise<boolean> {
    try {
      const isInTime = await this.permissions.awaitStart(dispatch);
      if (isInTime) {
        this.started.next(dispatch);
      } else {
        const isLate = this.refusalOf(dispatch) === null;
        await this.repository.release([dispatch], false);
        await this.recordEnd(dispatch, sizeOf(dispatch));
        if (isLate) {
          this.late.next({ lane: dispatch.lane, reason: 'late_commit' });
        }
      }
      return isInTime;
    } catch (error) {
      this.repository.abandon(dispatch);
      this.permissions.forget(dispatch);
      throw error;
    }
  }

  /**
   * Resolves with true when the call of this dispatch, which is ready, may be sent. If other dispatches used the slots
   * since its claim, that is in a later slot. Resolves with false if it got no slot, or if its lease has ended: then
   * nothing may be sent, and the caller must release the dispatch.
   */
  async awaitSendSlot(dispatch: ClaimedDispatch): Promise<boolean> {
    const maySend = await this.permissions.awaitSendSlot(dispatch);
    if (!maySend && this.refusalOf(dispatch) === null) {
      this.late.next({ lane: dispatch.lane, reason: 'late_call' });
    }
    return maySend;
  }

  /**
   * Resolves with true when a further request of this dispatch, of which one was sent, may be sent too: it has the same slot.
   * Resolves with false if the rules of the lane allow it only later, if the lane was closed or changed meanwhile, or if the
   * lease has ended.
   */
  async awaitFurtherSend(dispatch: ClaimedDispatch): Promise<boolean> {
    return this.permissions.awaitFurtherSend(dispatch);
  }

  /** Records that the call of this dispatch was sent now, after its claim: the next slot is measured from here. */
  recordSent(dispatch: ClaimedDispatch): void {
    this.permissions.recordSent(dispatch);
  }

  /** Records that these dispatches hold their leases for `leaseMs`, counted from `fromMs` on the monotonic clock. */
  recordRenewal(dispatches: readonly ClaimedDispatch[], fromMs: number, leaseMs: number): void {
    for (const dispatch of dispatches) {
      this.permissions.renew(dispatch, fromMs + leaseMs);
    }
  }

  /** Returns the rule that holds a lane back, as far as this process knows; null if none does. */
  heldBy(lane: string): ClosedByRule | null {
    return this.permissions.heldBy(lane);
  }

  /**
   * Returns the time in ms for which a lane still waits to fill a dispatch, as the last claim of this process found; null
   * if it does not.
   */
  fillingForMs(lane: string): number | null {
    const filledAtMs = this.filledAtMs.get(lane);
    const leftMs = filledAtMs === undefined ? 0 : filledAtMs - this.runtime.monotonicMs();
    return leftMs > 0 ? leftMs : null;
  }

  /** Returns true if each call of a dispatch of this lane has to wait for its permission, not only the first one. */
  asksForEachCall(lane: string): boolean {
    return this.permissions.asksForEachCall(lane);
  }

  /**
   * Records that a dispatch has ended; `unsentIds` of its ids certainly never left, so the rules of the lane get their
   * charge back. If the store fails the charge stays, which is never too fast.
   */
  async recordEnd(dispatch: ClaimedDispatch, unsentIds: number): Promise<void> {
    await this.permissions.recordEnd(dispatch, unsentIds).catch((error: unknown) => {
      this.logger.warn({
        msg: `calls that never left stay counted: ${String(error)}`,
        lane: dispatch.lane,
        dispatch_id: dispatch.dispatchId,
      });
    });
  }

  private resultOf({ name, result }: LaneClaim): ClaimResult {
    if (result === null) {
      throw new Error(`the claim of lane ${name} ended without a result`);
    }
    if (result.kind === 'filling') {
      this.filledAtMs.set(name, this.runtime.monotonicMs() + result.fullInMs);
    } else {
      this.filledAtMs.delete(name);
    }
    this.claimed.next({ lane: name, result });
    return result;
  }

  private arrivalsIn({ name }: Lane): Subject<void> {
    let arrivals = this.arrivalsByLane.get(name);
    if (arrivals === undefined) {
      arrivals = new Subject();
      this.arrivalsByLane.set(name, arrivals);
    }
    return arrivals;
  }
}
