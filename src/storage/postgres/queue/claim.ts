import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';
import { PRIORITY_RANKS } from '../../../domain/priority.js';
import type { ClaimResult, ClaimOptions } from '../../../scheduler/queue/queue.repository.js';
import type { Selection } from '../../../scheduler/queue/dispatch-order.js';
import { mergeByIngestion, lastServed } from '../../../scheduler/queue/fair-share.js';
import { commitClaim, toCommittedClaim, toPartsJson, type CommittedClaim } from './commit-claim.js';
import type { ClockSteps } from './clock-steps.js';
import { releaseDispatch, releaseInDoubt } from './release.js';
import type { LaneId } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { SettingsWatch } from './settings-watch.js';
import type { GateRow, SlotSchedule } from './slot-schedule.js';
import type { SendCoordinator } from './send-coordinator.js';
import type { Statement, BoundStatement } from '../database/statement.js';
import type { Mutex } from '../../../domain/mutex.js';
import { QueueHeadReader } from './queue-head.js';
import { selectNextDue, type PendingCandidate } from './pending-ids.js';

/** Number of races that this process may lose before it pauses. */
const MAX_RACES = 10;
const PAUSE_MS = 2;
const RELEASE_RETRY_INTERVAL_MS = 50;

/**
 * Claims dispatches of a lane with two statements; the second is a transaction of its own that takes the claim epoch.
 * It is sent before the slot opens, early enough for its expected duration, so that the request can be sent when the
 * slot opens. The lane's row holds the latest time at which the request was sent, so that every process counts the next
 * slot from there.
 */
export class Claimer {
  private readonly selectNextDue: Statement;
  private readonly commitPlain: Statement;
  private readonly commitWithClients: Statement;
  private readonly commitFairShare: Statement;
  private readonly queueHead: QueueHeadReader;
  private readonly release: Statement;
  private readonly releaseInDoubt: (laneNo: number, dispatchId: string) => BoundStatement[];
  /**
   * The id of a dispatch that may be claimed but was never started. Only this process knows it, so it is released
   * without waiting for its lease to expire.
   */
  private unconfirmedDispatchId: string | null = null;
  private isReleasing = false;
  private readonly logger = new Logger('PostgreSQL');
  private readonly settings: SettingsWatch;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly laneId: LaneId,
    private readonly slotSchedule: SlotSchedule,
    private readonly sendCoordinator: SendCoordinator,
    private readonly mutex: Mutex,
    private readonly clockSteps: ClockSteps,
  ) {
    this.selectNextDue = selectNextDue(schema, laneId.laneNo);
    this.commitPlain = commitClaim(schema, { hasClients: false, fairShare: false });
    this.commitWithClients = commitClaim(schema, { hasClients: true, fairShare: false });
    this.commitFairShare = commitClaim(schema, { hasClients: true, fairShare: true });
    this.queueHead = new QueueHeadReader(database, schema, laneId.laneNo);
    this.settings = new SettingsWatch(laneId.name);
    this.release = releaseDispatch(schema);
    this.releaseInDoubt = releaseInDoubt(schema);
  }

  /** Implements `QueueRepository.claim`. Claims of this process run one at a time; only other processes compete. */
  async claim(terms: ClaimOptions): Promise<ClaimResult> {
    try {
      return await this.mutex.runExclusive(() => this.claimNow(terms));
    } catch (error) {
      void this.releaseSoon();
      throw error;
    }
  }

  /**
   * Retries the release until the store responds: only this process knows of these ids, and later ids would overtake
   * them.
   */
  private async releaseSoon(): Promise<void> {
    if (this.isReleasing) {
      return;
    }
    this.isReleasing = true;
    while (this.unconfirmedDispatchId !== null && !this.database.isClosed) {
      await sleep(RELEASE_RETRY_INTERVAL_MS, undefined, { ref: false });
      await this.mutex.runExclusive(() => this.releaseUnconfirmed()).catch(ignore);
    }
    this.isReleasing = false;
  }

  private async releaseUnconfirmed(): Promise<void> {
    if (this.unconfirmedDispatchId !== null) {
      await this.database.writeAll(this.releaseInDoubt(this.laneId.laneNo, this.unconfirmedDispatchId));
      this.unconfirmedDispatchId = null;
    }
  }

  private async claimNow(terms: ClaimOptions): Promise<ClaimResult> {
    await this.releaseUnconfirmed();
    for (let race = 0; race < MAX_RACES; race++) {
      const claim = this.checkSlot(terms) ?? (await this.tryToClaim(terms));
      if (claim !== null) {
        return claim;
      }
    }
    return { kind: 'slot_closed', opensInMs: PAUSE_MS };
  }

  /** Checks the slot with the data in memory. */
  private checkSlot({ delayMs }: ClaimOptions): ClaimResult | null {
    const claimInMs = this.slotSchedule.claimInMs(delayMs);
    return claimInMs > 0 ? { kind: 'slot_closed', opensInMs: claimInMs } : null;
  }

  /** Returns null if another process claimed first. */
  private async tryToClaim(terms: ClaimOptions): Promise<ClaimResult | null> {
    const startedMs = this.slotSchedule.nowMs();
    const { gate, serverStarted, taken } = await this.queueHead.read(terms);
    const reading = { serverMs: gate.now, sentMs: startedMs, receivedMs: this.slotSchedule.nowMs() };
    if (!(await this.clockSteps.isSteady(reading, terms.leaseMs))) {
      return null;
    }
    this.slotSchedule.observe(gate);
    this.warnOfDifferentSettings(gate, terms);
    const closed = this.checkSlot(terms);
    if (closed !== null) {
      return closed;
    }
    if (gate.paused_at !== null) {
      return { kind: 'paused' };
    }
    const heldForMs = gate.held_until_time - gate.now;
    if (heldForMs > 0) {
      return { kind: 'held', opensInMs: heldForMs };
    }
    if (taken.length === 0) {
      return { kind: 'nothing_due', dueInMs: await this.nextDueInMs() };
    }
    const withinMs = this.slotSchedule.startDeadlineInMs(terms.delayMs);
    const sentMs = this.slotSchedule.nowMs();
    const committed = await this.commitSelection({ gate, serverStarted }, taken, withinMs, terms);
    if (committed === null) {
      return null;
    }
    this.queueHead.wrote(committed.version);
    if (terms.delayMs === 0) {
      return { kind: 'dispatch', dispatch: committed.dispatch };
    }
    this.slotSchedule.recordClaimLatency(this.slotSchedule.nowMs() - startedMs);
    this.slotSchedule.commitTook(this.slotSchedule.nowMs() - sentMs);
    const { dispatch } = committed;
    return (await this.startInTime(committed, sentMs + withinMs, terms))
      ? { kind: 'dispatch', dispatch }
      : { kind: 'released', dispatchId: dispatch.dispatchId };
  }

  private warnOfDifferentSettings(gate: GateRow, terms: ClaimOptions): void {
    const difference = this.settings.differenceOf(gate, terms);
    if (difference !== null) {
      this.logger.warn({ msg: difference, lane: this.laneId.name });
    }
  }

  private async startInTime(
    { epoch, dispatch }: CommittedClaim,
    deadlineMs: number,
    terms: ClaimOptions,
  ): Promise<boolean> {
    this.unconfirmedDispatchId = dispatch.dispatchId;
    const mayStart = await this.sendCoordinator.startInTime(
      dispatch.dispatchId,
      epoch,
      deadlineMs,
      terms.delayMs,
    );
    if (!mayStart) {
      await this.database.write(this.release, [dispatch.dispatchNo, dispatch.dispatchId]);
    }
    this.unconfirmedDispatchId = null;
    return mayStart;
  }

  private async nextDueInMs(): Promise<number | null> {
    const [row] = await this.database.read(this.selectNextDue);
    const dueIn = row?.['due_in'];
    return typeof dueIn === 'number' ? Math.max(dueIn, 0) : null;
  }

  private async commitSelection(
    { gate, serverStarted }: { readonly gate: GateRow; readonly serverStarted: number | null },
    taken: readonly Selection<PendingCandidate>[],
    withinMs: number,
    { leaseMs, delayMs, batchSize, fairShare = false }: ClaimOptions,
  ): Promise<CommittedClaim | null> {
    const dispatchId = uuidV7();
    this.unconfirmedDispatchId = dispatchId;
    const parts = fairShare ? mergeByIngestion(taken) : taken;
    const partsJson = toPartsJson(parts);
    const { laneNo } = this.laneId;
    const values = [
      gate.turn,
      withinMs,
      dispatchId,
      leaseMs,
      partsJson,
      laneNo,
      serverStarted,
      delayMs,
      batchSize,
      gate.version,
    ];
    const rows = await (fairShare
      ? this.database.write(this.commitFairShare, [...values, ...toServedValues(taken)])
      : this.database.write(hasClients(taken) ? this.commitWithClients : this.commitPlain, values));
    this.unconfirmedDispatchId = null;
    return toCommittedClaim(rows, parts, { lane: this.laneId.name, dispatchId });
  }
}

function hasClients(taken: readonly Selection<PendingCandidate>[]): boolean {
  return taken.some(({ candidate: { client } }) => client !== null);
}

function toServedValues(taken: readonly Selection<PendingCandidate>[]): (string | null)[] {
  const served = lastServed(taken);
  return PRIORITY_RANKS.map((rank) => served[rank] ?? null);
}

function ignore(): void {
  // The release is retried.
}
