import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';
import { PRIORITY_RANKS } from '../../../domain/priority.js';
import type { ClaimResult, ClaimOptions } from '../../../scheduler/queue/queue.repository.js';
import type { Selection } from '../../../scheduler/queue/dispatch-order.js';
import { mergeByIngestion, lastServed } from '../../../scheduler/queue/fair-share.js';
import { beginDispatch, toBegun, toPartsJson, type Begun } from './commit-claim.js';
import type { ClockSteps } from './clock-steps.js';
import { releaseDispatch, releaseInDoubt } from './release.js';
import type { Lane } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { SettingsWatch } from './settings-watch.js';
import type { GateRow, Slot } from './slot-schedule.js';
import type { Starter } from './send-coordinator.js';
import type { Statement, Step } from '../database/statement.js';
import type { Turnstile } from '../database/mutex.js';
import { HeadReader } from './queue-head.js';
import { selectNextDue, type WaitingCandidate } from './pending-ids.js';

/** As often others may be faster before this one lets them go on for a moment. */
const RACES = 10;
const PAUSE_MS = 2;
const GIVE_BACK_AGAIN_MS = 50;

/**
 * Claims dispatches of a lane: two statements, the second one a transaction of its own that takes the turn. It is sent while
 * the slot is still closed, by as much as it takes, so that the call can begin at the moment the slot opens; and the
 * gate's row says by when the call has begun, so that the next slot is counted from there, whoever takes it.
 */
export class Claimer {
  private readonly selectNextDue: Statement;
  private readonly begin: Statement;
  private readonly beginOfClients: Statement;
  private readonly beginInTurns: Statement;
  private readonly head: HeadReader;
  private readonly release: Statement;
  private readonly releaseInDoubt: (laneNo: number, dispatchId: string) => Step[];
  /** Claimed, perhaps, but never begun: nobody else knows of it, so it need not wait for its lease to run out. */
  private notBegun: string | null = null;
  private isGivingBack = false;
  private readonly logger = new Logger('PostgreSQL');
  private readonly settings: SettingsWatch;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly lane: Lane,
    private readonly slot: Slot,
    private readonly starter: Starter,
    private readonly turnstile: Turnstile,
    private readonly clockSteps: ClockSteps,
  ) {
    this.selectNextDue = selectNextDue(schema, lane.laneNo);
    this.begin = beginDispatch(schema, { hasClients: false, fairShare: false });
    this.beginOfClients = beginDispatch(schema, { hasClients: true, fairShare: false });
    this.beginInTurns = beginDispatch(schema, { hasClients: true, fairShare: true });
    this.head = new HeadReader(database, schema, lane.laneNo);
    this.settings = new SettingsWatch(lane.name);
    this.release = releaseDispatch(schema);
    this.releaseInDoubt = releaseInDoubt(schema);
  }

  /** See `QueueRepository.claim`. One after the other: only other processes are raced with. */
  async claim(terms: ClaimOptions): Promise<ClaimResult> {
    try {
      return await this.turnstile.pass(() => this.claimNow(terms));
    } catch (error) {
      void this.giveBackSoon();
      throw error;
    }
  }

  /** Asks again and again until the store answers: nobody else knows of these ids, and later ones would go before them. */
  private async giveBackSoon(): Promise<void> {
    if (this.isGivingBack) {
      return;
    }
    this.isGivingBack = true;
    while (this.notBegun !== null && !this.database.isClosed) {
      await sleep(GIVE_BACK_AGAIN_MS, undefined, { ref: false });
      await this.turnstile.pass(() => this.giveBackNotBegun()).catch(ignore);
    }
    this.isGivingBack = false;
  }

  private async giveBackNotBegun(): Promise<void> {
    if (this.notBegun !== null) {
      await this.database.writeAll(this.releaseInDoubt(this.lane.laneNo, this.notBegun));
      this.notBegun = null;
    }
  }

  private async claimNow(terms: ClaimOptions): Promise<ClaimResult> {
    await this.giveBackNotBegun();
    for (let race = 0; race < RACES; race++) {
      const claim = this.closedSlot(terms) ?? (await this.tryToClaim(terms));
      if (claim !== null) {
        return claim;
      }
    }
    return { kind: 'slot_closed', opensInMs: PAUSE_MS };
  }

  /** What this process knows without asking. */
  private closedSlot({ delayMs }: ClaimOptions): ClaimResult | null {
    const claimInMs = this.slot.claimInMs(delayMs);
    return claimInMs > 0 ? { kind: 'slot_closed', opensInMs: claimInMs } : null;
  }

  /** Null where another was faster. */
  private async tryToClaim(terms: ClaimOptions): Promise<ClaimResult | null> {
    const startedMs = this.slot.nowMs();
    const { gate, serverStarted, taken } = await this.head.read(terms);
    const reading = { serverMs: gate.now, sentMs: startedMs, receivedMs: this.slot.nowMs() };
    if (!(await this.clockSteps.isSteady(reading, terms.leaseMs))) {
      return null;
    }
    this.slot.observe(gate);
    this.compareSettings(gate, terms);
    const closed = this.closedSlot(terms);
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
    const withinMs = this.slot.beginsWithinMs(terms.delayMs);
    const sentMs = this.slot.nowMs();
    const begun = await this.beginDispatch({ turn: gate.turn, serverStarted }, taken, withinMs, terms);
    if (begun === null) {
      return null;
    }
    if (terms.delayMs === 0) {
      return { kind: 'dispatch', dispatch: begun.dispatch };
    }
    this.slot.claimTook(this.slot.nowMs() - startedMs);
    this.slot.commitTook(this.slot.nowMs() - sentMs);
    const { dispatch } = begun;
    return (await this.startInTime(begun, sentMs + withinMs, terms))
      ? { kind: 'dispatch', dispatch }
      : { kind: 'released', dispatchId: dispatch.dispatchId };
  }

  private compareSettings(gate: GateRow, terms: ClaimOptions): void {
    const difference = this.settings.differenceOf(gate, terms);
    if (difference !== null) {
      this.logger.warn({ msg: difference, lane: this.lane.name });
    }
  }

  private async startInTime(
    { turn, dispatch }: Begun,
    deadlineMs: number,
    terms: ClaimOptions,
  ): Promise<boolean> {
    this.notBegun = dispatch.dispatchId;
    const mayStart = await this.starter.startInTime(dispatch.dispatchId, turn, deadlineMs, terms.delayMs);
    if (!mayStart) {
      await this.database.write(this.release, [dispatch.dispatchNo, dispatch.dispatchId]);
    }
    this.notBegun = null;
    return mayStart;
  }

  private async nextDueInMs(): Promise<number | null> {
    const [row] = await this.database.read(this.selectNextDue);
    const dueIn = row?.['due_in'];
    return typeof dueIn === 'number' ? Math.max(dueIn, 0) : null;
  }

  private async beginDispatch(
    { turn, serverStarted }: { readonly turn: number; readonly serverStarted: number | null },
    taken: readonly Selection<WaitingCandidate>[],
    withinMs: number,
    { leaseMs, delayMs, batchSize, fairShare = false }: ClaimOptions,
  ): Promise<Begun | null> {
    const dispatchId = uuidV7();
    this.notBegun = dispatchId;
    const parts = fairShare ? mergeByIngestion(taken) : taken;
    const partsJson = toPartsJson(parts);
    const { laneNo } = this.lane;
    const values = [
      turn,
      withinMs,
      dispatchId,
      leaseMs,
      partsJson,
      laneNo,
      serverStarted,
      delayMs,
      batchSize,
    ];
    const rows = await (fairShare
      ? this.database.write(this.beginInTurns, [...values, ...servedValues(taken)])
      : this.database.write(hasClients(taken) ? this.beginOfClients : this.begin, values));
    this.notBegun = null;
    return toBegun(rows, parts, { lane: this.lane.name, dispatchId });
  }
}

function hasClients(taken: readonly Selection<WaitingCandidate>[]): boolean {
  return taken.some(({ candidate: { client } }) => client !== null);
}

function servedValues(taken: readonly Selection<WaitingCandidate>[]): (string | null)[] {
  const served = lastServed(taken);
  return PRIORITY_RANKS.map((rank) => served[rank] ?? null);
}

function ignore(): void {
  // It is asked again.
}
