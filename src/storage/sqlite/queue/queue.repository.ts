import { Logger } from '@nestjs/common';
import { EMPTY } from 'rxjs';
import type { DepartureSeed } from '../../../scheduler/settings/lane-settings.repository.js';
import type { ClaimedDispatch } from '../../../domain/dispatch.js';
import { CallCeilings } from './call-ceiling.js';
import type {
  CallCeiling,
  Candidate,
  CommittedClaim,
  GateReading,
  HeadRequest,
  LaneSelection,
  QueueHead,
  QueueRepository,
  Settlement,
} from '../../../scheduler/queue/queue.repository.js';
import type { Runtime } from '../../../domain/runtime.js';
import { IdChunks } from './id-chunks.js';
import { FairShareCursor } from './fair-share-cursor.js';
import { ClaimedParts } from '../../shared/claimed-parts.js';
import { ClaimWriter } from './commit-claim.js';
import { SqliteDepartureLog } from './departure-log.js';
import { Departures } from './departures.js';
import { EndDispatches } from './end-dispatches.js';
import { LaneGate, RESTART_MARGIN_MS } from './lane-gate.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { StoreClock } from '../database/store-clock.js';
import type { ListTimes } from './list-times.js';
import { PendingIds } from './pending-ids.js';
import { toPartRow, type PartRow, type Timestamps } from './write-transitions.js';

/** Stores the queue in the embedded store. */
export class SqliteQueueRepository implements QueueRepository {
  /** Always empty: no other process shares the file. */
  readonly arrivals = EMPTY;
  readonly sharing = { isShared: false, restartMarginMs: RESTART_MARGIN_MS };
  readonly departures: SqliteDepartureLog;
  private readonly logger = new Logger('SQLite');
  private readonly gates = new Map<string, LaneGate>();
  /** The number of writes when heads were read last. Only a write changes what was read. */
  private writesAtRead = 0;
  private readonly pendingIds: PendingIds;
  private readonly fairShare: FairShareCursor;
  private readonly departureRows: Departures;
  private readonly dispatches: ClaimWriter;
  private readonly endings: EndDispatches;
  private readonly claimedParts = new ClaimedParts<PartRow>();
  private readonly callCeilings: CallCeilings;
  private readonly extendHold: PreparedStatement;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly runtime: Runtime,
    private readonly laneIds: LaneIds,
    private readonly times: ListTimes,
  ) {
    laneIds.names.forEach((lane) => this.gateOf(lane)); // slots count from the start of the process
    this.pendingIds = new PendingIds(database);
    this.fairShare = new FairShareCursor(database);
    this.departureRows = new Departures(database);
    const gateOf = (lane: string): LaneGate => this.gateOf(lane);
    this.departures = new SqliteDepartureLog(database, time, this.departureRows, gateOf, runtime);
    this.dispatches = new ClaimWriter(database, new IdChunks(database), runtime);
    this.extendHold = database.prepare(
      'UPDATE gate SET held_until_time = max(held_until_time, ?) WHERE lane_no = ?',
    );
    this.callCeilings = new CallCeilings(database);
    this.endings = new EndDispatches(database, time, runtime, this.claimedParts);
  }

  readHeads(requests: readonly HeadRequest[]): readonly QueueHead[] {
    this.endings.releaseAbandoned();
    this.writesAtRead = this.database.writes;
    const nowMs = this.time.nowMs();
    const moment = { nowMs, wallMs: this.runtime.wallMs() };
    return this.database.read(() =>
      requests.map(({ lane, listsPerClient, rules }) => {
        const gate = this.gateOf(lane);
        const isFairShare = listsPerClient !== null;
        return {
          gate: gate.read(nowMs),
          ...this.times.next(gate.laneNo, nowMs),
          rules: rules === null ? null : this.departureRows.read(gate.laneNo, rules, moment),
          ...this.pendingIds.streams(gate.laneNo, nowMs, { isFairShare }),
        };
      }),
    );
  }

  readRepeated(lane: string, dispatchIds: readonly string[]): readonly Candidate[] {
    const { laneNo } = this.gateOf(lane);
    return this.database.read(() => this.pendingIds.repeated(laneNo, dispatchIds));
  }

  async commitClaims(claims: readonly LaneSelection[]): Promise<readonly (CommittedClaim | null)[]> {
    if (this.database.writes !== this.writesAtRead) {
      return claims.map(() => null);
    }
    const isSingle = claims.length === 1 && claims[0]?.dispatches.length === 1;
    const work = (): (Omit<CommittedClaim, 'epoch'> | null)[] => {
      this.time.persist();
      return claims.map((claim) => this.writeClaim(claim));
    };
    const { worked: committed, isDurable } = this.database.writeGrouped(work, isSingle);
    const claimed = claims.map(({ lane, slot }, i) => {
      const claim = committed[i];
      return claim === null || claim === undefined
        ? null
        : { ...claim, epoch: this.gateOf(lane).taken(slot) };
    });
    if (!isDurable) {
      await this.database.untilDurable();
    }
    return claimed;
  }

  async admitDue(lane: string, limit: number): Promise<number | null> {
    const { laneNo } = this.gateOf(lane);
    return this.database.write(() => this.times.applyDue(laneNo, this.timestamps(), limit));
  }

  async nextDueInMs(lane: string, afterMs?: number): Promise<number | null> {
    const { laneNo } = this.gateOf(lane);
    return this.database.read(() => this.pendingIds.nextDueInMs(laneNo, this.time.nowMs(), afterMs));
  }

  async readGate(lane: string): Promise<GateReading> {
    return this.database.read(() => this.gateOf(lane).read(this.time.nowMs()));
  }

  async takeSlot(lane: string, epoch: number, slot: LaneSelection['slot']): Promise<number | null> {
    const gate = this.gateOf(lane);
    if (!gate.isAt(epoch) || !gate.isOpen()) {
      return null;
    }
    this.database.write(() => {
      gate.write(slot);
      this.time.persist();
    });
    return gate.taken(slot);
  }

  publishLateSend(lane: string): boolean {
    try {
      this.database.write(() => {
        this.gateOf(lane).writeSend();
        this.time.persist();
      });
      return true;
    } catch (error) {
      this.logger.warn(`a late request could not be recorded for the next start: ${String(error)}`);
      return false;
    }
  }

  abandon(dispatch: ClaimedDispatch): void {
    this.endings.abandon(dispatch);
  }

  async holdLane(lane: string, forMs: number): Promise<void> {
    const laneNo = this.laneIds.toNumber(lane);
    this.database.write(() => {
      this.extendHold.run(this.time.nowMs() + forMs, laneNo);
      this.time.persist();
    });
  }

  async limitCalls(dispatch: ClaimedDispatch, ceiling: CallCeiling): Promise<void> {
    const gate = this.gateOf(dispatch.lane);
    const nowMs = this.time.nowMs();
    this.database.write(() => {
      this.callCeilings.write(gate.laneNo, dispatch, ceiling, nowMs);
      this.time.persist();
    });
    gate.limitedUntil(nowMs + ceiling.forMs);
  }

  settle(settlements: readonly Settlement[], onWritten?: () => void): Promise<readonly boolean[]> {
    return this.endings.settle(settlements, onWritten);
  }

  async release(
    dispatches: readonly ClaimedDispatch[],
    isOutcomeUnknown = true,
  ): Promise<readonly boolean[]> {
    return this.endings.release(dispatches, isOutcomeUnknown);
  }

  async renewLeases(
    dispatches: readonly ClaimedDispatch[],
    leaseMs: number,
  ): Promise<readonly ClaimedDispatch[]> {
    return this.endings.renewLeases(dispatches, leaseMs);
  }

  async reclaimExpired(): Promise<string[]> {
    return this.endings.reclaimExpired();
  }

  /** Writes the dispatches of a lane as part of the claims' transaction; null if the gate has another epoch. */
  private writeClaim(claim: LaneSelection): Omit<CommittedClaim, 'epoch'> | null {
    const gate = this.gateOf(claim.lane);
    if (!gate.isAt(claim.epoch)) {
      return null;
    }
    gate.write(claim.slot);
    gate.spend(claim.calls);
    if (claim.served !== null) {
      this.fairShare.served(gate.laneNo, claim.served);
    }
    const start = {
      lane: claim.lane,
      laneNo: gate.laneNo,
      leaseEndsTime: this.time.nowMs() + claim.leaseMs,
      begunAtMs: this.runtime.wallMs(),
    };
    const { departures } = claim;
    const dispatches = this.dispatches.writeAll(claim.dispatches, start);
    dispatches.forEach((dispatch, i) => {
      const taken = claim.dispatches[i] ?? [];
      this.claimedParts.add(
        dispatch,
        taken.map((selection) => toPartRow(selection, gate.laneNo)),
      );
    });
    return {
      dispatches,
      firstDepartureNo:
        departures === null
          ? null
          : this.departureRows.append(
              gate.laneNo,
              departures.amounts,
              this.time.nowMs() + departures.leavesWithinMs,
            ),
    };
  }

  /** Adds what a lane has sent lately to its log of departures, as part of a transaction. */
  seedDepartures(laneNo: number, seed: DepartureSeed): void {
    this.time.persist();
    this.departureRows.seed(laneNo, seed, { nowMs: this.time.nowMs(), wallMs: this.runtime.wallMs() });
  }

  /** Returns the gate of a lane. */
  gateOf(lane: string): LaneGate {
    let gate = this.gates.get(lane);
    if (gate === undefined) {
      gate = new LaneGate(this.database, this.time, this.laneIds.toNumber(lane));
      this.gates.set(lane, gate);
    }
    return gate;
  }

  private timestamps(): Timestamps {
    return { nowMs: this.time.nowMs(), wallMs: this.runtime.wallMs() };
  }
}
