import type { StatementSync } from 'node:sqlite';
import { Logger } from '@nestjs/common';
import { EMPTY } from 'rxjs';
import { parse, stringify } from 'uuid';
import type { ClaimedDispatch, Outcome } from '../../../domain/dispatch.js';
import type {
  ClaimResult,
  ClaimOptions,
  QueueRepository,
} from '../../../scheduler/queue/queue.repository.js';
import type { Clock } from '../../../domain/clock.js';
import { mergeByIngestion, lastServed } from '../../../scheduler/queue/fair-share.js';
import { IdChunks } from './id-chunks.js';
import { FairShareCursor } from './fair-share-cursor.js';
import { ClaimWriter } from './commit-claim.js';
import type { LaneIds } from '../database/lane-ids.js';
import { OutcomeWriter, type HeldDispatch, type Timestamps, type PartRow } from './settle.js';
import { SlotSchedule } from './slot-schedule.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';
import { PendingIds } from './pending-ids.js';

/** The state that can prevent a lane from claiming. */
interface StopRow {
  readonly paused_at: number | null;
  readonly held_until_time: number;
}

/** Stores the queue in the embedded store. */
export class SqliteQueueRepository implements QueueRepository {
  /** Always empty: no other process shares the file. */
  readonly arrivals = EMPTY;
  private readonly logger = new Logger('SQLite');
  /** The slot schedules by lane. */
  private readonly slots = new Map<string, SlotSchedule>();
  private readonly pendingIds: PendingIds;
  private readonly fairShare: FairShareCursor;
  private readonly dispatches: ClaimWriter;
  private readonly outcomes: OutcomeWriter;
  private readonly renewLease: StatementSync;
  private readonly selectExpired: StatementSync;
  private readonly selectStop: StatementSync;
  private readonly extendHold: StatementSync;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly clock: Clock,
    private readonly laneIds: LaneIds,
  ) {
    laneIds.names.forEach((lane) => this.slotFor(lane)); // slots count from the start of the process
    this.pendingIds = new PendingIds(database);
    this.fairShare = new FairShareCursor(database);
    this.dispatches = new ClaimWriter(database, new IdChunks(database));
    this.outcomes = new OutcomeWriter(database, time);
    this.renewLease = database.prepare(`
      UPDATE dispatch SET lease_ends_time = :leaseEndsTime
      WHERE dispatch_no = :dispatchNo AND dispatch_id = :dispatchId AND ended_at IS NULL
    `);
    this.selectExpired = database.prepare(`
      SELECT dispatch_no, dispatch_id FROM dispatch WHERE ended_at IS NULL AND lease_ends_time <= ?
    `);
    this.selectStop = database.prepare('SELECT paused_at, held_until_time FROM gate WHERE lane_no = ?');
    this.extendHold = database.prepare(
      'UPDATE gate SET held_until_time = max(held_until_time, ?) WHERE lane_no = ?',
    );
    this.abandonAllInFlight();
  }

  async awaitSendSlot({ lane, dispatchNo }: ClaimedDispatch): Promise<boolean> {
    await this.slotFor(lane).awaitSendSlot(dispatchNo);
    return true;
  }

  recordSent({ lane, dispatchNo }: ClaimedDispatch): void {
    const slotSchedule = this.slotFor(lane);
    this.recordLateStart(slotSchedule);
    slotSchedule.recordSent(dispatchNo);
  }

  async claim(terms: ClaimOptions): Promise<ClaimResult> {
    const { lane } = terms;
    const laneNo = this.laneIds.toNumber(lane);
    const slotSchedule = this.slotFor(lane);
    const opensInMs = slotSchedule.claimInMs(terms.delayMs);
    if (opensInMs > 0) {
      return { kind: 'slot_closed', opensInMs };
    }
    const nowMs = this.time.nowMs();
    const stopped = this.database.read(() => this.readStop(laneNo, nowMs));
    if (stopped !== null) {
      return stopped;
    }
    const taken = this.database.read(() => this.pendingIds.next(laneNo, { ...terms, nowMs }));
    if (taken.length === 0) {
      return {
        kind: 'nothing_due',
        dueInMs: this.database.read(() => this.pendingIds.nextDueInMs(laneNo, nowMs)),
      };
    }
    const dispatch = this.database.write(() => {
      slotSchedule.reserve(terms.delayMs);
      if (terms.fairShare === true) {
        this.fairShare.served(laneNo, lastServed(taken));
      }
      return this.dispatches.write(terms.fairShare === true ? mergeByIngestion(taken) : taken, {
        lane,
        laneNo,
        leaseEndsTime: nowMs + terms.leaseMs,
        begunAtMs: this.clock.wallMs(),
      });
    });
    slotSchedule.recordClaimLatency(this.time.nowMs() - nowMs);
    slotSchedule.start(dispatch.dispatchNo, terms.delayMs);
    await slotSchedule.waitForStart(terms.delayMs);
    return { kind: 'dispatch', dispatch };
  }

  async holdLane(lane: string, forMs: number): Promise<void> {
    const laneNo = this.laneIds.toNumber(lane);
    this.database.write(() => {
      this.extendHold.run(this.time.nowMs() + forMs, laneNo);
      this.time.persist();
    });
  }

  async settle(dispatch: ClaimedDispatch, outcomes: readonly Outcome[]): Promise<boolean> {
    const held = toHeld(dispatch);
    const readParts = (): PartRow[] => this.outcomes.partsOf(held.dispatchNo);
    const read = this.database.read(readParts);
    const { writes } = this.database;
    const results = await this.outcomes.packResults(read, outcomes);
    // an ingestion may be cancelled while its results are packed
    const isAsRead = this.database.writes === writes;
    return this.database.write(() => {
      const parts = isAsRead ? read : readParts();
      return this.outcomes.settle(held, parts, outcomes, results, this.timestamps());
    });
  }

  async release(dispatch: ClaimedDispatch): Promise<boolean> {
    return this.database.write(() => this.outcomes.release(toHeld(dispatch), 'released', this.timestamps()));
  }

  async renewLeases(dispatches: readonly ClaimedDispatch[], leaseMs: number): Promise<void> {
    const leaseEndsTime = this.time.nowMs() + leaseMs;
    this.database.write(() => {
      for (const dispatch of dispatches) {
        this.renewLease.run({ ...toHeld(dispatch), leaseEndsTime });
      }
    });
  }

  async reclaimExpired(): Promise<string[]> {
    const timestamps = this.timestamps();
    const lapsed = this.database.read(() => this.selectExpired.all(timestamps.nowMs)) as unknown as {
      dispatch_no: number;
      dispatch_id: Uint8Array;
    }[];
    if (lapsed.length > 0) {
      this.database.write(() => {
        for (const { dispatch_no: dispatchNo, dispatch_id: dispatchId } of lapsed) {
          this.outcomes.release({ dispatchNo, dispatchId }, 'lapsed', timestamps);
        }
      });
    }
    return lapsed.map((row) => stringify(row.dispatch_id));
  }

  /** Persists a late send for the process after a restart. If this fails, the requests of this process continue. */
  private recordLateStart(slotSchedule: SlotSchedule): void {
    try {
      if (this.database.read(() => slotSchedule.exceedsRestartMargin())) {
        this.database.write(() => {
          slotSchedule.recordLateSend();
        });
      }
    } catch (error) {
      this.logger.warn(`a late request could not be recorded for the next start: ${String(error)}`);
    }
  }

  private slotFor(lane: string): SlotSchedule {
    const slotSchedule =
      this.slots.get(lane) ?? new SlotSchedule(this.database, this.time, this.laneIds.toNumber(lane));
    this.slots.set(lane, slotSchedule);
    return slotSchedule;
  }

  /** Returns the reason why the lane may not claim now; null if it may. */
  private readStop(laneNo: number, nowMs: number): ClaimResult | null {
    const gate = this.selectStop.get(laneNo) as unknown as StopRow;
    if (gate.paused_at !== null) {
      return { kind: 'paused' };
    }
    const opensInMs = gate.held_until_time - nowMs;
    return opensInMs > 0 ? { kind: 'held', opensInMs } : null;
  }

  private timestamps(): Timestamps {
    return { nowMs: this.time.nowMs(), wallMs: this.clock.wallMs() };
  }

  /**
   * Expires the leases of all dispatches in flight at the start: only this process holds the file, so the process that
   * claimed them has ended.
   */
  private abandonAllInFlight(): void {
    const inFlight = this.database.prepare('SELECT 1 FROM dispatch WHERE ended_at IS NULL LIMIT 1').get();
    if (inFlight !== undefined) {
      const abandon = this.database.prepare('UPDATE dispatch SET lease_ends_time = 0 WHERE ended_at IS NULL');
      this.database.write(() => abandon.run());
    }
  }
}

function toHeld({ dispatchNo, dispatchId }: ClaimedDispatch): HeldDispatch {
  return { dispatchNo, dispatchId: parse(dispatchId) };
}
