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
import { Chunks } from './id-chunks.js';
import { ClientTurns } from './fair-share-cursor.js';
import { DispatchWriter } from './commit-claim.js';
import type { Lanes } from '../database/lane-ids.js';
import { OutcomeWriter, type HeldDispatch, type Moment, type PartRow } from './settle.js';
import { Slot } from './slot-schedule.js';
import type { SqliteDatabase } from '../database/database.js';
import type { SteadyTime } from '../database/store-clock.js';
import { WaitingIds } from './pending-ids.js';

/** What may keep a gate from claiming. */
interface StopRow {
  readonly paused_at: number | null;
  readonly held_until_time: number;
}

/** The queue in the embedded store. */
export class SqliteDispatchStore implements QueueRepository {
  /** No other process shares the file. */
  readonly arrivals = EMPTY;
  private readonly logger = new Logger('SQLite');
  /** By lane. */
  private readonly slots = new Map<string, Slot>();
  private readonly waiting: WaitingIds;
  private readonly turns: ClientTurns;
  private readonly dispatches: DispatchWriter;
  private readonly outcomes: OutcomeWriter;
  private readonly renewLease: StatementSync;
  private readonly selectLapsed: StatementSync;
  private readonly selectStop: StatementSync;
  private readonly extendHold: StatementSync;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: SteadyTime,
    private readonly clock: Clock,
    private readonly lanes: Lanes,
  ) {
    lanes.names.forEach((lane) => this.slotOf(lane)); // they count from the start of the process
    this.waiting = new WaitingIds(database);
    this.turns = new ClientTurns(database);
    this.dispatches = new DispatchWriter(database, new Chunks(database));
    this.outcomes = new OutcomeWriter(database, time);
    this.renewLease = database.prepare(`
      UPDATE dispatch SET lease_ends_time = :leaseEndsTime
      WHERE dispatch_no = :dispatchNo AND dispatch_id = :dispatchId AND ended_at IS NULL
    `);
    this.selectLapsed = database.prepare(`
      SELECT dispatch_no, dispatch_id FROM dispatch WHERE ended_at IS NULL AND lease_ends_time <= ?
    `);
    this.selectStop = database.prepare('SELECT paused_at, held_until_time FROM gate WHERE lane_no = ?');
    this.extendHold = database.prepare(
      'UPDATE gate SET held_until_time = max(held_until_time, ?) WHERE lane_no = ?',
    );
    this.abandonAllInFlight();
  }

  async awaitSendSlot({ lane, dispatchNo }: ClaimedDispatch): Promise<boolean> {
    await this.slotOf(lane).mayLeave(dispatchNo);
    return true;
  }

  recordSent({ lane, dispatchNo }: ClaimedDispatch): void {
    const slot = this.slotOf(lane);
    this.keepLateStart(slot);
    slot.callLeft(dispatchNo);
  }

  async claim(terms: ClaimOptions): Promise<ClaimResult> {
    const { lane } = terms;
    const laneNo = this.lanes.numberOf(lane);
    const slot = this.slotOf(lane);
    const opensInMs = slot.claimInMs(terms.delayMs);
    if (opensInMs > 0) {
      return { kind: 'slot_closed', opensInMs };
    }
    const nowMs = this.time.nowMs();
    const stopped = this.database.read(() => this.stopped(laneNo, nowMs));
    if (stopped !== null) {
      return stopped;
    }
    const taken = this.database.read(() => this.waiting.next(laneNo, { ...terms, nowMs }));
    if (taken.length === 0) {
      return {
        kind: 'nothing_due',
        dueInMs: this.database.read(() => this.waiting.nextDueInMs(laneNo, nowMs)),
      };
    }
    const dispatch = this.database.write(() => {
      slot.take(terms.delayMs);
      if (terms.fairShare === true) {
        this.turns.served(laneNo, lastServed(taken));
      }
      return this.dispatches.begin(terms.fairShare === true ? mergeByIngestion(taken) : taken, {
        lane,
        laneNo,
        leaseEndsTime: nowMs + terms.leaseMs,
        begunAtMs: this.clock.wallMs(),
      });
    });
    slot.claimTook(this.time.nowMs() - nowMs);
    slot.begin(dispatch.dispatchNo, terms.delayMs);
    await slot.untilLetGo(terms.delayMs);
    return { kind: 'dispatch', dispatch };
  }

  async holdLane(lane: string, forMs: number): Promise<void> {
    const laneNo = this.lanes.numberOf(lane);
    this.database.write(() => {
      this.extendHold.run(this.time.nowMs() + forMs, laneNo);
      this.time.keep();
    });
  }

  async settle(dispatch: ClaimedDispatch, outcomes: readonly Outcome[]): Promise<boolean> {
    const held = toHeld(dispatch);
    const readParts = (): PartRow[] => this.outcomes.partsOf(held.dispatchNo);
    const read = this.database.read(readParts);
    const { writes } = this.database;
    const answers = await this.outcomes.packAnswers(read, outcomes);
    const isAsRead = this.database.writes === writes; // an ingestion may be cancelled while its answers are packed
    return this.database.write(() => {
      const parts = isAsRead ? read : readParts();
      return this.outcomes.settle(held, parts, outcomes, answers, this.moment());
    });
  }

  async release(dispatch: ClaimedDispatch): Promise<boolean> {
    return this.database.write(() => this.outcomes.giveBack(toHeld(dispatch), 'released', this.moment()));
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
    const moment = this.moment();
    const lapsed = this.database.read(() => this.selectLapsed.all(moment.nowMs)) as unknown as {
      dispatch_no: number;
      dispatch_id: Uint8Array;
    }[];
    if (lapsed.length > 0) {
      this.database.write(() => {
        for (const { dispatch_no: dispatchNo, dispatch_id: dispatchId } of lapsed) {
          this.outcomes.giveBack({ dispatchNo, dispatchId }, 'lapsed', moment);
        }
      });
    }
    return lapsed.map((row) => stringify(row.dispatch_id));
  }

  /** The next process has to know; where it cannot be told, this one's calls go on without. */
  private keepLateStart(slot: Slot): void {
    try {
      if (this.database.read(() => slot.isBeyondMargin())) {
        this.database.write(() => {
          slot.takeLate();
        });
      }
    } catch (error) {
      this.logger.warn(`a restarted gate will not know that a call left late: ${String(error)}`);
    }
  }

  private slotOf(lane: string): Slot {
    const slot = this.slots.get(lane) ?? new Slot(this.database, this.time, this.lanes.numberOf(lane));
    this.slots.set(lane, slot);
    return slot;
  }

  /** Why nothing may be claimed, whatever waits; null where it may. */
  private stopped(laneNo: number, nowMs: number): ClaimResult | null {
    const gate = this.selectStop.get(laneNo) as unknown as StopRow;
    if (gate.paused_at !== null) {
      return { kind: 'paused' };
    }
    const opensInMs = gate.held_until_time - nowMs;
    return opensInMs > 0 ? { kind: 'held', opensInMs } : null;
  }

  private moment(): Moment {
    return { nowMs: this.time.nowMs(), wallMs: this.clock.wallMs() };
  }

  /** The file is ours alone: whoever began the dispatches found here at the start is gone, and their leases with it. */
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
