import { Injectable, Logger } from '@nestjs/common';
import { merge, Subject, type Observable } from 'rxjs';
import { sizeOf, type ClaimedDispatch, type Dispatch } from '../../domain/dispatch.js';
import { Runtime } from '../../domain/runtime.js';
import type { Lane } from '../lanes/lane.js';
import { SendCoordinator } from '../pacing/send-coordinator.js';
import { SlotSchedule } from '../pacing/slot-schedule.js';
import { LaneDepartures, type ClosedByRule } from '../rules/lane-departures.js';
import { SchedulerOptions } from '../scheduler.options.js';
import type { ClaimEvent, ClaimResult, LateRelease } from './claim-result.js';
import { LaneClaim, type ClaimedLane } from './lane-claim.js';
import { Leases } from './leases.js';
import { QueueRepository } from './queue.repository.js';

/** A lane that may claim, and the most dispatches that it may claim. */
export interface ClaimRequest {
  readonly lane: ClaimedLane;
  readonly maxDispatches?: number;
}

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
  private readonly sends = new Map<string, SendCoordinator>();
  /** The departures of the lanes that have rules. */
  private readonly departures = new Map<string, LaneDepartures>();
  private readonly leases: Leases;

  constructor(
    private readonly repository: QueueRepository,
    private readonly options: SchedulerOptions,
    private readonly runtime: Runtime,
  ) {
    this.leases = new Leases(runtime);
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

  /**
   * Claims the next dispatches of lanes whose ids are due and whose slots are open; one of a lane with a delay. Resolves
   * with a result for each lane.
   * @throws StoreUnavailableError
   */
  async claim(requests: readonly ClaimRequest[]): Promise<readonly ClaimResult[]> {
    const claims = requests.map(
      ({ lane, maxDispatches = 1 }) =>
        new LaneClaim(
          lane,
          maxDispatches,
          this.options,
          this.sendsOf(lane.options.name),
          this.runtime,
          this.departuresOf(lane),
        ),
    );
    const claimAll = claims.reduceRight<() => Promise<void>>(
      (inner, { sends }) =>
        () =>
          sends.mutex.runExclusive(inner),
      () => this.claimUntilDecided(claims),
    );
    await claimAll();
    return claims.map((claim) => this.resultOf(claim));
  }

  /**
   * Resolves with true when the call of a claimed dispatch must start so that it is ready when its slot opens. Resolves
   * with false if the commit was too late for its slot and others took the next ones, or its lease has ended meanwhile:
   * the ids are released.
   * @throws StoreUnavailableError; the dispatch will be released
   */
  async awaitStart(dispatch: Dispatch): Promise<boolean> {
    try {
      const isInTime =
        (await this.sendsOf(dispatch.lane).awaitStart(dispatch.dispatchId)) &&
        (await this.awaitDeparture(dispatch)) &&
        this.leases.isHeld(dispatch.dispatchId);
      if (isInTime) {
        this.started.next(dispatch);
      } else {
        await this.repository.release([dispatch], false);
        await this.recordEnd(dispatch, sizeOf(dispatch));
        this.late.next({ lane: dispatch.lane, reason: 'late_commit' });
      }
      return isInTime;
    } catch (error) {
      this.leases.end(dispatch.dispatchId);
      this.repository.abandon(dispatch);
      throw error;
    }
  }

  /**
   * Resolves with true when the call of this dispatch, which is ready, may be sent. If other dispatches used the slots
   * since its claim, that is in a later slot. Resolves with false if it got no slot, or if its lease has ended: then
   * nothing may be sent, and the caller must release the dispatch.
   */
  async awaitSendSlot(dispatch: ClaimedDispatch): Promise<boolean> {
    const { lane, dispatchId } = dispatch;
    const maySend =
      (await this.sendsOf(lane).awaitSendSlot(dispatchId)) &&
      (await this.awaitDeparture(dispatch)) &&
      this.leases.isHeld(dispatchId);
    if (!maySend) {
      this.late.next({ lane, reason: 'late_call' });
    }
    return maySend;
  }

  /** Records that the call of this dispatch was sent now, after its claim: the next slot is measured from here. */
  recordSent({ lane, dispatchId }: ClaimedDispatch): void {
    this.sendsOf(lane).recordSent(dispatchId);
    this.departures.get(lane)?.recordSent(dispatchId);
  }

  /** Records that these dispatches hold their leases for `leaseMs`, counted from `fromMs` on the monotonic clock. */
  recordRenewal(dispatches: readonly ClaimedDispatch[], fromMs: number, leaseMs: number): void {
    for (const { dispatchId } of dispatches) {
      this.leases.renew(dispatchId, fromMs, leaseMs);
    }
  }

  /** Returns the rule that holds a lane back, as far as this process knows; null if none does. */
  heldBy(lane: string): ClosedByRule | null {
    return this.departures.get(lane)?.heldBy() ?? null;
  }

  /** Returns true if each call of a dispatch of this lane has to wait for its permission, not only the first one. */
  asksForEachCall(lane: string): boolean {
    return this.departures.has(lane);
  }

  /**
   * Records that a dispatch has ended; `unsentIds` of its ids certainly never left, so the rules of the lane get their
   * charge back. If the store fails the charge stays, which is never too fast.
   */
  async recordEnd({ lane, dispatchId }: ClaimedDispatch, unsentIds: number): Promise<void> {
    this.leases.end(dispatchId);
    await this.departures
      .get(lane)
      ?.end(dispatchId, unsentIds)
      .catch((error: unknown) => {
        this.logger.warn({
          msg: `calls that never left stay counted: ${String(error)}`,
          lane,
          dispatch_id: dispatchId,
        });
      });
  }

  /** Claims in lanes whose slots are open, again after a lost race, until each lane has a result. */
  private async claimUntilDecided(claims: readonly LaneClaim[]): Promise<void> {
    for (;;) {
      const open = claims.filter((claim) => claim.begin());
      if (open.length === 0) {
        break;
      }
      await this.claimOnce(open);
    }
    for (const claim of claims.filter(({ isNothingDue }) => isNothingDue)) {
      claim.result = { kind: 'nothing_due', dueInMs: await this.repository.nextDueInMs(claim.name) };
    }
  }

  /** Reads the heads, chooses, and commits what was chosen if the gates are unchanged. */
  private async claimOnce(claims: readonly LaneClaim[]): Promise<void> {
    const reading = this.repository.readHeads(claims.map((claim) => claim.request()));
    // An embedded store answers at once: without a wait here, nothing comes between the read and the commit.
    const heads = reading instanceof Promise ? await reading : reading;
    const selected = claims.flatMap((claim, i) => {
      const head = heads[i];
      return head !== undefined && claim.select(head) ? [{ claim, head }] : [];
    });
    const readings = selected.map(({ claim: { name, repeatedDispatchIds } }) =>
      repeatedDispatchIds.length === 0 ? [] : this.repository.readRepeated(name, repeatedDispatchIds),
    );
    const answers = readings.filter(isAnswer);
    const repeated =
      answers.length === readings.length ? answers : await Promise.all(readings.map(toPromise));
    const chosen = selected.flatMap(({ claim, head }, i) => {
      const selection = claim.choose(head, repeated[i] ?? []);
      return selection === null ? [] : [{ claim, selection }];
    });
    if (chosen.length > 0) {
      const sentMs = this.runtime.monotonicMs();
      const committed = await this.repository.commitClaims(chosen.map(({ selection }) => selection));
      chosen.forEach(({ claim }, i) => {
        claim.commit(committed[i] ?? null);
        committed[i]?.dispatches.forEach(({ dispatchId }) => {
          this.leases.grant(dispatchId, sentMs, this.options.leaseMs);
        });
      });
    }
  }

  private resultOf({ name, result }: LaneClaim): ClaimResult {
    if (result === null) {
      throw new Error(`the claim of lane ${name} ended without a result`);
    }
    this.claimed.next({ lane: name, result });
    return result;
  }

  private sendsOf(lane: string): SendCoordinator {
    let sends = this.sends.get(lane);
    if (sends === undefined) {
      const schedule = new SlotSchedule(this.runtime, this.repository.sharing);
      sends = new SendCoordinator(lane, this.repository, schedule);
      this.sends.set(lane, sends);
    }
    return sends;
  }

  private async awaitDeparture({ lane, dispatchId }: ClaimedDispatch): Promise<boolean> {
    return (await this.departures.get(lane)?.awaitDeparture(dispatchId)) ?? true;
  }

  private departuresOf({ options: { name, rules } }: ClaimedLane): LaneDepartures | null {
    if (rules === undefined || rules === null) {
      return null;
    }
    let departures = this.departures.get(name);
    if (departures === undefined) {
      const { mutex } = this.sendsOf(name);
      departures = new LaneDepartures(name, rules, this.repository.departures, this.runtime, mutex);
      this.departures.set(name, departures);
    } else if (departures.rules !== rules) {
      departures.changeRules(rules);
    }
    return departures;
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

/** Returns true for the answer of an embedded store, which comes at once. */
function isAnswer<T>(answer: T | Promise<T>): answer is T {
  return !(answer instanceof Promise);
}

async function toPromise<T>(answer: T | Promise<T>): Promise<T> {
  return answer;
}
