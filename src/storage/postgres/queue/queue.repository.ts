import type { Observable } from 'rxjs';
import type { ClaimedDispatch, Outcome } from '../../../domain/dispatch.js';
import type {
  ClaimResult,
  ClaimOptions,
  QueueRepository,
} from '../../../scheduler/queue/queue.repository.js';
import type { Clock } from '../../../domain/clock.js';
import { ClockSteps } from './clock-steps.js';
import { releaseDispatch, RECLAIMED_PER_STEP, reclaimExpired } from './release.js';
import { LaneQueue } from './lane-queue.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { InDoubtError } from '../database/postgres-errors.js';
import { ServerClock } from '../database/server-clock.js';
import { settleDispatch, toOutcomeValues, toSettlement } from './settle.js';
import { NEXT_EPOCH } from './claim-epoch.js';
import { tidyCounters } from './pending-counters.js';
import { statement, type Statement } from '../database/statement.js';

/** Stores the queue in PostgreSQL, for any number of processes. */
export class PostgresQueueRepository implements QueueRepository {
  /** The queues by lane. */
  private readonly laneQueues = new Map<string, LaneQueue>();
  private readonly extendHold: Statement;
  private readonly settleOne: Statement;
  private readonly releaseOne: Statement;
  private readonly reclaim: Statement;
  private readonly tidy: Statement;
  private readonly updateLeases: Statement;
  /** Dispatches whose settlement is in doubt: it may be recorded. The caller retries until it is certain. */
  private readonly inDoubt = new Set<string>();
  private readonly serverClock: ServerClock;
  private readonly clockSteps: ClockSteps;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly clock: Clock,
    readonly arrivals: Observable<void>,
    private readonly laneIds: LaneIds,
  ) {
    this.serverClock = new ServerClock(clock);
    this.clockSteps = new ClockSteps(database, schema, this.serverClock);
    // A concurrent claim has read another epoch: it fails, and finds the lane held when it reads again.
    this.extendHold = statement(`
      UPDATE ${schema}.gate
      SET turn = ${NEXT_EPOCH}, held_until_time = greatest(held_until_time, ${schema}.store_now() + $2::float8)
      WHERE lane_no = $1::int
    `);
    this.settleOne = settleDispatch(schema);
    this.releaseOne = releaseDispatch(schema);
    this.reclaim = reclaimExpired(schema);
    this.tidy = tidyCounters(schema);
    this.updateLeases = statement(`
      UPDATE ${schema}.dispatch SET lease_ends_time = ${schema}.store_now() + $2::float8
      FROM unnest($1::bigint[], $3::uuid[]) AS held (no, id)
      WHERE dispatch_no = ANY($1::bigint[]) AND dispatch_no = held.no AND dispatch_id = held.id AND ended_at IS NULL
    `);
  }

  async claim(terms: ClaimOptions): Promise<ClaimResult> {
    const { claimer } = this.laneQueues.get(terms.lane) ?? (await this.laneQueueFor(terms.lane));
    return claimer.claim(terms);
  }

  async awaitSendSlot({ lane, dispatchId }: ClaimedDispatch): Promise<boolean> {
    return (await this.laneQueues.get(lane)?.sendCoordinator.awaitSendSlot(dispatchId)) ?? true;
  }

  recordSent({ lane, dispatchId }: ClaimedDispatch): void {
    this.laneQueues.get(lane)?.sendCoordinator.recordSent(dispatchId);
  }

  async holdLane(lane: string, forMs: number): Promise<void> {
    await this.database.write(this.extendHold, [(await this.laneIds.find(lane)).laneNo, forMs]);
  }

  /**
   * Only this process settles this dispatch: if the response to a COMMIT was lost and the dispatch is settled, this
   * process settled it.
   */
  async settle(dispatch: ClaimedDispatch, outcomes: readonly Outcome[]): Promise<boolean> {
    const { dispatchId } = dispatch;
    try {
      const rows = await this.database.write(this.settleOne, toOutcomeValues(dispatch, outcomes));
      const settlement = toSettlement(rows, dispatch, outcomes.length);
      const wasInDoubt = this.inDoubt.delete(dispatchId);
      return settlement === 'settled now' || (wasInDoubt && settlement === 'settled before');
    } catch (error) {
      if (error instanceof InDoubtError) {
        this.inDoubt.add(dispatchId);
      }
      throw error;
    }
  }

  async release({ dispatchNo, dispatchId }: ClaimedDispatch): Promise<boolean> {
    return (await this.database.write(this.releaseOne, [dispatchNo, dispatchId])).length > 0;
  }

  async renewLeases(dispatches: readonly ClaimedDispatch[], leaseMs: number): Promise<void> {
    const numbers = dispatches.map(({ dispatchNo }) => dispatchNo);
    const ids = dispatches.map(({ dispatchId }) => dispatchId);
    await this.database.write(this.updateLeases, [numbers, leaseMs, ids]);
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

  /** Returns the lane's queue. Two concurrent calls for a new lane get the same one. */
  private async laneQueueFor(name: string): Promise<LaneQueue> {
    const laneId = await this.laneIds.find(name);
    const gate =
      this.laneQueues.get(name) ??
      new LaneQueue(this.database, this.schema, laneId, this.clock, this.clockSteps);
    this.laneQueues.set(name, gate);
    return gate;
  }
}
