import type { Observable } from 'rxjs';
import type { ClaimedDispatch } from '../../../domain/dispatch.js';
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
import { ClockSteps } from './clock-steps.js';
import { releaseDispatch, RECLAIMED_PER_STEP, reclaimExpired } from './release.js';
import { lockGate } from './admit-scheduled.js';
import { limitCalls } from './call-ceiling.js';
import { ClaimedParts } from '../../shared/claimed-parts.js';
import { toClaimedPart, type ClaimedPart } from './settle-completed.js';
import { ClaimTransaction } from './claim-transaction.js';
import { PostgresDepartureLog } from './departure-log.js';
import { GatheredHeads } from './gathered-heads.js';
import { LaneQueue } from './lane-queue.js';
import type { HeadSources } from './queue-head.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { GatheredReads } from '../database/gathered-reads.js';
import { ServerClock } from '../database/server-clock.js';
import { latestNow } from './latest-now.js';
import { Settlements } from './settlements.js';
import { NEXT_EPOCH } from './claim-epoch.js';
import { tidyCounters } from './pending-counters.js';
import { statement, type Statement } from '../database/statement.js';

/** Stores the queue in PostgreSQL, for any number of processes. */
export class PostgresQueueRepository implements QueueRepository {
  readonly sharing = { isShared: true, restartMarginMs: 0 };
  readonly departures = new PostgresDepartureLog((lane) => this.queueOf(lane));
  /** The queues by lane. */
  private readonly laneQueues = new Map<string, LaneQueue>();
  private readonly extendHold: Statement;
  private readonly settlements: Settlements;
  private readonly claimedParts = new ClaimedParts<ClaimedPart>();
  private readonly releaseOne: Statement;
  private readonly reclaim: Statement;
  private readonly tidy: Statement;
  private readonly limitLane: Statement;
  private readonly updateLeases: Statement;
  private readonly serverClock: ServerClock;
  private readonly clockSteps: ClockSteps;
  private readonly claims: ClaimTransaction;
  /** Read the heads of lanes that claim at the same moment. */
  private readonly headSources: HeadSources;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly runtime: Runtime,
    readonly arrivals: Observable<void>,
    private readonly laneIds: LaneIds,
  ) {
    this.serverClock = new ServerClock(runtime);
    const reads = new GatheredReads(database);
    this.headSources = { heads: new GatheredHeads(reads, schema), reads };
    this.clockSteps = new ClockSteps(database, schema, this.serverClock);
    this.claims = new ClaimTransaction(schema);
    // A concurrent claim has read another epoch: it fails, and finds the lane held when it reads again.
    this.extendHold = statement(`
      UPDATE ${schema}.gate
      SET turn = ${NEXT_EPOCH}, held_until_time = greatest(held_until_time, ${latestNow(`${schema}.store_now()`, '$3')} + $2::float8)
      WHERE lane_no = $1::int
    `);
    this.limitLane = limitCalls(schema);
    this.settlements = new Settlements(database, schema, this.claimedParts);
    this.releaseOne = releaseDispatch(schema);
    this.reclaim = reclaimExpired(schema);
    this.tidy = tidyCounters(schema);
    this.updateLeases = statement(`
      UPDATE ${schema}.dispatch SET lease_ends_time = ${schema}.store_now() + $2::float8
      FROM unnest($1::bigint[], $3::uuid[]) AS held (no, id)
      WHERE dispatch_no = ANY($1::bigint[]) AND dispatch_no = held.no AND dispatch_id = held.id AND ended_at IS NULL
      RETURNING dispatch_id
    `);
  }

  async readHeads(requests: readonly HeadRequest[]): Promise<readonly QueueHead[]> {
    return Promise.all(requests.map(async (request) => (await this.queueOf(request.lane)).readHead(request)));
  }

  async readRepeated(lane: string, dispatchIds: readonly string[]): Promise<readonly Candidate[]> {
    return (await this.queueOf(lane)).readRepeated(dispatchIds);
  }

  async commitClaims(claims: readonly LaneSelection[]): Promise<readonly (CommittedClaim | null)[]> {
    const read = await Promise.all(
      claims.map(async (selection, i) => {
        const queue = await this.queueOf(selection.lane);
        return { queue, claim: queue.toReadClaim(selection), i };
      }),
    );
    const ready = read
      .flatMap(({ queue, claim, i }) => (claim === null ? [] : [{ queue, claim, i }]))
      .sort((a, b) => a.claim.laneNo - b.claim.laneNo);
    const committed = new Array<CommittedClaim | null>(claims.length).fill(null);
    if (ready.length === 0) {
      return committed;
    }
    const bound = this.claims.bind(ready.map(({ claim }) => claim));
    try {
      const written = bound.read(await this.database.writeAll(bound.steps));
      ready.forEach(({ queue, claim, i }, place) => {
        const own = written[place] ?? null;
        if (own !== null) {
          queue.recordCommit(own);
          this.rememberParts(claim.selection, own);
          committed[i] = own;
        }
      });
      return committed;
    } catch (error) {
      for (const { queue, claim } of ready) {
        queue.unconfirmed.add(claim.dispatchIds);
      }
      throw error;
    }
  }

  async admitDue(lane: string, limit: number): Promise<number | null> {
    return (await this.queueOf(lane)).admitDue(limit);
  }

  async nextDueInMs(lane: string, afterMs?: number): Promise<number | null> {
    return (await this.queueOf(lane)).nextDueInMs(afterMs);
  }

  async readGate(lane: string): Promise<GateReading> {
    return (await this.queueOf(lane)).readGate();
  }

  async takeSlot(lane: string, epoch: number, slot: LaneSelection['slot']): Promise<number | null> {
    return (await this.queueOf(lane)).takeSlot(epoch, slot);
  }

  publishLateSend(lane: string, epoch: number): boolean {
    this.laneQueues.get(lane)?.publishLateSend(epoch);
    return true;
  }

  abandon({ lane, dispatchId }: ClaimedDispatch): void {
    this.claimedParts.forget([{ dispatchId }]);
    this.laneQueues.get(lane)?.unconfirmed.add([dispatchId]);
  }

  async holdLane(lane: string, forMs: number): Promise<void> {
    await this.database.write(this.extendHold, [
      (await this.laneIds.find(lane)).laneNo,
      forMs,
      this.serverClock.latestMs(),
    ]);
  }

  async limitCalls(
    { lane, dispatchNo, dispatchId }: ClaimedDispatch,
    { remaining, forMs, isPerId }: CallCeiling,
  ): Promise<void> {
    const { laneNo } = await this.laneIds.find(lane);
    const call = [laneNo, dispatchNo, dispatchId];
    await this.database.writeAll([
      { statement: lockGate(this.schema, laneNo), values: [] },
      {
        statement: this.limitLane,
        values: [...call, remaining, forMs, isPerId, this.serverClock.latestMs()],
      },
    ]);
  }

  async settle(settlements: readonly Settlement[]): Promise<readonly boolean[]> {
    return this.settlements.settle(settlements, this.serverClock.latestMs());
  }

  async release(
    dispatches: readonly ClaimedDispatch[],
    isOutcomeUnknown = true,
  ): Promise<readonly boolean[]> {
    const latestMs = this.serverClock.latestMs();
    const results = await this.database.writeAll(
      dispatches.map(({ dispatchNo, dispatchId }) => ({
        statement: this.releaseOne,
        values: [dispatchNo, dispatchId, isOutcomeUnknown, latestMs],
      })),
    );
    this.claimedParts.forget(dispatches);
    return results.map((rows) => rows.length > 0);
  }

  async renewLeases(
    dispatches: readonly ClaimedDispatch[],
    leaseMs: number,
  ): Promise<readonly ClaimedDispatch[]> {
    // Settlements lock dispatches in the order of their numbers too, so that the two cannot deadlock.
    const inOrder = dispatches.toSorted((a, b) => a.dispatchNo - b.dispatchNo);
    const numbers = inOrder.map(({ dispatchNo }) => dispatchNo);
    const ids = inOrder.map(({ dispatchId }) => dispatchId);
    const rows = await this.database.write(this.updateLeases, [numbers, leaseMs, ids]);
    const renewed = new Set(rows.map((row) => String(row['dispatch_id'])));
    return dispatches.filter(({ dispatchId }) => renewed.has(dispatchId));
  }

  async reclaimExpired(): Promise<string[]> {
    await this.database.write(this.tidy);
    const taken: string[] = [];
    let step;
    do {
      step = await this.database.write(this.reclaim, [this.serverClock.latestMs()]);
      taken.push(...step.map((row) => String(row['dispatch_id'])));
    } while (step.length === RECLAIMED_PER_STEP);
    return taken;
  }

  private rememberParts({ dispatches: selected }: LaneSelection, { dispatches }: CommittedClaim): void {
    dispatches.forEach((dispatch, no) => {
      this.claimedParts.add(dispatch, (selected[no] ?? []).map(toClaimedPart));
    });
  }

  /** Returns the lane's queue. Two concurrent calls for a new lane get the same one. */
  private async queueOf(name: string): Promise<LaneQueue> {
    const known = this.laneQueues.get(name);
    if (known !== undefined) {
      return known;
    }
    const laneId = await this.laneIds.find(name);
    const { database, schema, runtime, clockSteps, headSources } = this;
    const queue =
      this.laneQueues.get(name) ?? new LaneQueue(database, schema, laneId, runtime, clockSteps, headSources);
    this.laneQueues.set(name, queue);
    return queue;
  }
}
