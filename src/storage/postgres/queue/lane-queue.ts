import { Logger } from '@nestjs/common';
import type { Runtime } from '../../../domain/runtime.js';
import { StoreUnavailableError } from '../../../domain/store-errors.js';
import {
  isGateClosed,
  type Candidate,
  type GateReading,
  type HeadRequest,
  type LaneSelection,
  type QueueHead,
} from '../../../scheduler/queue/queue.repository.js';
import type { DepartureLogReading, RulesQuestion } from '../../../scheduler/rules/departure-log.store.js';
import type { LaneId } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';
import type { ClockSteps } from './clock-steps.js';
import { admitDue, lockGate, scheduledInMs } from './admit-scheduled.js';
import { changeEpoch, expireLists, expiresInMs, lockExpired } from './expire-lists.js';
import { NEXT_EPOCH } from './claim-epoch.js';
import type { ReadClaim } from './claim-values.js';
import type { WrittenClaim } from './commit-claims.js';
import { GATE_COLUMNS, isOpen, toGateReading, toGateRow, type GateRow } from './gate-row.js';
import { LaneDepartureRows } from './lane-departures.js';
import { QueueHeadReader, type HeadSources } from './queue-head.js';
import { toCandidate } from '../../shared/rows/candidate-row.js';
import { selectNextDue, selectRepeated, type HeadRows, type PendingRow } from './pending-ids.js';
import { SettingsWatch } from './settings-watch.js';
import { UnconfirmedClaims } from './unconfirmed-claims.js';

/** Number of reads that steps of the server's clock may make void, one after the other. */
const MAX_READS = 10;

/** Reads and writes the gate and the queue of one lane. */
export class LaneQueue {
  readonly unconfirmed: UnconfirmedClaims;
  readonly departures: LaneDepartureRows;
  private readonly head: QueueHeadReader;
  private readonly settings: SettingsWatch;
  private readonly logger = new Logger('PostgreSQL');
  private readonly selectNextDue: Statement;
  private readonly selectRepeated: Statement<PendingRow>;
  private readonly selectScheduled: Statement;
  private readonly selectGate: Statement;
  private readonly updateSlot: Statement;
  private readonly moveSlot: Statement;
  /** The head that was read last. A claim commits only on it. */
  private lastRead: HeadRows | null = null;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly laneId: LaneId,
    private readonly runtime: Runtime,
    private readonly clockSteps: ClockSteps,
    headSources: HeadSources,
  ) {
    const ofLane = `lane_no = ${String(laneId.laneNo)}`;
    this.unconfirmed = new UnconfirmedClaims(database, schema, laneId, runtime, clockSteps.clock);
    this.departures = new LaneDepartureRows(database, schema, laneId.laneNo);
    this.head = new QueueHeadReader(headSources, schema, laneId.laneNo);
    this.settings = new SettingsWatch(laneId.name);
    this.selectNextDue = selectNextDue(schema, laneId.laneNo);
    this.selectRepeated = selectRepeated(schema, laneId.laneNo);
    this.selectScheduled = statement(
      `SELECT ${scheduledInMs(schema, String(laneId.laneNo))} AS scheduled_in, ${expiresInMs(schema, String(laneId.laneNo))} AS expires_in
       FROM (SELECT ${schema}.store_now() AS now) AS clock`,
    );
    this.selectGate = statement(
      `SELECT ${GATE_COLUMNS}, ${schema}.store_now() AS now FROM ${schema}.gate WHERE ${ofLane}`,
    );
    this.updateSlot = statement(`
      UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH}, slot_taken_time = ${schema}.store_now() + $2::float8, slot_delay_ms = $3::float8
      WHERE ${ofLane} AND turn = $1::bigint AND ${isOpen(schema)} RETURNING turn
    `);
    this.moveSlot = statement(`
      UPDATE ${schema}.gate SET slot_taken_time = greatest(slot_taken_time, ${schema}.store_now())
      WHERE ${ofLane} AND turn = $1::bigint
    `);
  }

  async readHead(request: HeadRequest): Promise<QueueHead> {
    await this.unconfirmed.release();
    const rows = await this.readSteadily(
      () => this.head.read(request),
      ({ gate }) => gate,
      request.leaseMs,
    );
    this.lastRead = rows;
    this.warnOfDifferentSettings(rows.gate, request);
    return {
      gate: toGateReading(rows.gate),
      rules: rows.rules,
      scheduledInMs: rows.gate.scheduled_in ?? null,
      expiresInMs: rows.gate.expires_in ?? null,
      ...rows.pending,
    };
  }

  async readGate(): Promise<GateReading> {
    const row = await this.readSteadily(
      async () => toGateRow(await this.database.read(this.selectGate)),
      (gate) => gate,
    );
    return toGateReading(row);
  }

  async readRules(question: RulesQuestion): Promise<DepartureLogReading> {
    const rows = await this.readSteadily(() => this.departures.read(question), toGateRow);
    const gate = toGateReading(toGateRow(rows));
    const { epoch, settingsVersion } = gate;
    return { epoch, rules: this.departures.toReading(rows), settingsVersion, isClosed: isGateClosed(gate) };
  }

  async readRepeated(dispatchIds: readonly string[]): Promise<readonly Candidate[]> {
    const rows = await this.database.read(this.selectRepeated, [dispatchIds]);
    return rows.map((row) => toCandidate(row, row.rank, row.is_retry));
  }

  /** Returns a claim with the head that it was chosen from; null if its epoch is not the one that was read last. */
  toReadClaim(selection: LaneSelection): ReadClaim | null {
    const { lastRead } = this;
    if (lastRead?.gate.turn !== selection.epoch) {
      return null;
    }
    const { gate, serverStarted } = lastRead;
    const dispatchIds = selection.dispatches.map(() => this.runtime.uuidV7());
    return { laneNo: this.laneId.laneNo, gate, serverStarted, selection, dispatchIds };
  }

  /** Records that this process has written the gate's row. */
  recordCommit({ version }: WrittenClaim): void {
    this.head.recordOwnVersion(version);
  }

  async admitDue(limit: number): Promise<number | null> {
    const { laneNo } = this.laneId;
    const [times] = await this.database.read(this.selectScheduled);
    if (isNow(times?.['expires_in']) && (await this.expire(limit))) {
      return 0;
    }
    const [, [row] = []] = await this.database.writeAll([
      { statement: lockGate(this.schema, laneNo), values: [] },
      { statement: admitDue(this.schema, laneNo, limit), values: [] },
    ]);
    if (Number(row?.['admitted']) === limit) {
      return 0;
    }
    const [next] = await this.database.read(this.selectScheduled);
    const nextInMs = [next?.['scheduled_in'], next?.['expires_in']].filter(
      (inMs) => typeof inMs === 'number',
    );
    return nextInMs.length === 0 ? null : Math.min(...nextInMs);
  }

  /** Cancels lists that have expired. Resolves with true if more have expired. */
  private async expire(limit: number): Promise<boolean> {
    const { laneNo } = this.laneId;
    const [, , [row] = []] = await this.database.writeAll([
      { statement: changeEpoch(this.schema, laneNo), values: [] },
      { statement: lockExpired(this.schema, laneNo, limit), values: [] },
      { statement: expireLists(this.schema, laneNo, limit), values: [] },
    ]);
    return row?.['is_more'] === true;
  }

  async nextDueInMs(afterMs?: number): Promise<number | null> {
    const [row] = await this.database.read(this.selectNextDue, [afterMs ?? -1]);
    const dueIn = row?.['due_in'];
    return typeof dueIn === 'number' ? Math.max(dueIn, 0) : null;
  }

  async takeSlot(epoch: number, { sendWithinMs, delayMs }: LaneSelection['slot']): Promise<number | null> {
    const [row] = await this.database.write(this.updateSlot, [epoch, sendWithinMs, delayMs]);
    return row === undefined ? null : Number(row['turn']);
  }

  publishLateSend(epoch: number): void {
    this.database.write(this.moveSlot, [epoch]).catch((error: unknown) => {
      this.logger.warn(`other replicas are not notified of a late request: ${String(error)}`);
    });
  }

  /** Reads again after each step of the server's clock, which makes the times that were read void. */
  private async readSteadily<T>(
    read: () => Promise<T>,
    toRow: (read: T) => GateRow,
    leaseMs?: number,
  ): Promise<T> {
    for (let reads = 0; reads < MAX_READS; reads++) {
      const sentMs = this.runtime.monotonicMs();
      const result = await read();
      const reading = { serverMs: toRow(result).now, sentMs, receivedMs: this.runtime.monotonicMs() };
      if (await this.clockSteps.isSteady(reading, leaseMs)) {
        return result;
      }
    }
    throw new StoreUnavailableError('the clock of the PostgreSQL server steps again and again');
  }

  private warnOfDifferentSettings(gate: GateRow, own: HeadRequest): void {
    const difference = this.settings.differenceOf(gate, own);
    if (difference !== null) {
      this.logger.warn({ msg: difference, lane: this.laneId.name });
    }
  }
}

function isNow(inMs: unknown): boolean {
  return typeof inMs === 'number' && inMs <= 0;
}
