import { v7 as uuidV7 } from 'uuid';
import type { Claim, ClaimTerms } from '../../scheduler/dispatch.store.js';
import { fillDispatch, type Taken } from '../../scheduler/fill.js';
import { beginDispatch, toBegun, toPartsJson, type Begun } from './begin-dispatch.js';
import { releaseDispatch, releaseDispatchById } from './give-back.js';
import type { Lane } from './lanes.js';
import type { PostgresDatabase } from './postgres-database.js';
import type { Slot } from './slot.js';
import type { Starter } from './starter.js';
import type { Statement } from './statement.js';
import type { Turnstile } from './turnstile.js';
import {
  selectHead,
  selectNextDue,
  toQueueHead,
  type QueueHead,
  type WaitingCandidate,
} from './waiting-ids.js';

/** As often others may be faster before this one lets them go on for a moment. */
const RACES = 10;
const PAUSE_MS = 2;

/**
 * Claims dispatches of a lane: two statements, the second one a transaction of its own that takes the turn. It is sent while
 * the slot is still closed, by as much as it takes, so that the call can begin at the moment the slot opens; and the
 * gate's row says by when the call has begun, so that the next slot is counted from there, whoever takes it.
 */
export class Claimer {
  private readonly selectNextDue: Statement;
  private readonly begin: Statement;
  private readonly beginOfClients: Statement;
  private readonly release: Statement;
  private readonly releaseById: Statement;
  /** By its batch size; there is one. */
  private readonly selectHead = new Map<number, Statement>();
  /** Claimed, perhaps, but never begun: nobody else knows of it, so it need not wait for its lease to run out. */
  private notBegun: string | null = null;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly lane: Lane,
    private readonly slot: Slot,
    private readonly starter: Starter,
    private readonly turnstile: Turnstile,
  ) {
    this.selectNextDue = selectNextDue(schema, lane.laneNo);
    this.begin = beginDispatch(schema, false);
    this.beginOfClients = beginDispatch(schema, true);
    this.release = releaseDispatch(schema);
    this.releaseById = releaseDispatchById(schema);
  }

  /** See `DispatchStore.claim`. One after the other: only other processes are raced with. */
  claim(terms: ClaimTerms): Promise<Claim> {
    return this.turnstile.pass(() => this.claimNow(terms));
  }

  private async claimNow(terms: ClaimTerms): Promise<Claim> {
    if (this.notBegun !== null) {
      await this.database.write(this.releaseById, [this.notBegun]);
      this.notBegun = null;
    }
    for (let race = 0; race < RACES; race++) {
      const claim = this.closedSlot(terms) ?? (await this.tryToClaim(terms));
      if (claim !== null) {
        return claim;
      }
    }
    return { kind: 'slot_closed', opensInMs: PAUSE_MS };
  }

  /** What this process knows without asking. */
  private closedSlot({ delayMs }: ClaimTerms): Claim | null {
    const claimInMs = this.slot.claimInMs(delayMs);
    return claimInMs > 0 ? { kind: 'slot_closed', opensInMs: claimInMs } : null;
  }

  /** Null where another was faster. */
  private async tryToClaim(terms: ClaimTerms): Promise<Claim | null> {
    const startedMs = this.slot.nowMs();
    const { gate, streams } = await this.readHead(terms.batchSize);
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
    const taken = fillDispatch(streams, { ...terms, nowMs: gate.now });
    if (taken.length === 0) {
      return { kind: 'nothing_due', dueInMs: await this.nextDueInMs() };
    }
    const withinMs = this.slot.beginsWithinMs(terms.delayMs);
    const deadlineMs = this.slot.nowMs() + withinMs;
    const begun = await this.beginDispatch(gate.turn, taken, withinMs, terms);
    if (begun === null) {
      return null;
    }
    if (terms.delayMs === 0) {
      return { kind: 'dispatch', dispatch: begun.dispatch };
    }
    this.slot.claimTook(this.slot.nowMs() - startedMs);
    return (await this.startInTime(begun, deadlineMs, terms))
      ? { kind: 'dispatch', dispatch: begun.dispatch }
      : null;
  }

  private async startInTime(
    { turn, dispatch }: Begun,
    deadlineMs: number,
    terms: ClaimTerms,
  ): Promise<boolean> {
    this.notBegun = dispatch.dispatchId;
    const mayStart = await this.starter.startInTime(dispatch.dispatchNo, turn, deadlineMs, terms.delayMs);
    if (!mayStart) {
      await this.database.write(this.release, [dispatch.dispatchNo]);
    }
    this.notBegun = null;
    return mayStart;
  }

  private async readHead(batchSize: number): Promise<QueueHead> {
    const select = this.selectHead.get(batchSize) ?? selectHead(this.schema, this.lane.laneNo, batchSize);
    this.selectHead.set(batchSize, select);
    const head = toQueueHead(await this.database.read(select));
    this.slot.observe(head.gate);
    return head;
  }

  private async nextDueInMs(): Promise<number | null> {
    const [row] = await this.database.read(this.selectNextDue);
    const dueIn = row?.['due_in'];
    return typeof dueIn === 'number' ? Math.max(dueIn, 0) : null;
  }

  private async beginDispatch(
    turn: number,
    taken: readonly Taken<WaitingCandidate>[],
    withinMs: number,
    { leaseMs }: ClaimTerms,
  ): Promise<Begun | null> {
    const dispatchId = uuidV7();
    this.notBegun = dispatchId;
    const values = [turn, withinMs, dispatchId, leaseMs, toPartsJson(taken), this.lane.laneNo];
    const hasClients = taken.some(({ candidate: { client } }) => client !== null);
    const rows = await this.database.write(hasClients ? this.beginOfClients : this.begin, values);
    this.notBegun = null;
    return toBegun(rows, taken, { lane: this.lane.name, dispatchId });
  }
}
