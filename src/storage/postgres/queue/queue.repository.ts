import type { Observable } from 'rxjs';
import type { ClaimedDispatch, Outcome } from '../../../domain/dispatch.js';
import type {
  ClaimResult,
  ClaimOptions,
  QueueRepository,
} from '../../../scheduler/queue/queue.repository.js';
import type { Clock } from '../../../domain/clock.js';
import { ClockSteps } from './clock-steps.js';
import { releaseDispatch, TAKEN_OVER_AT_ONCE, takeOverLapsed } from './release.js';
import { LaneGate } from './lane-queue.js';
import type { Lanes } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { InDoubtError } from '../database/postgres-errors.js';
import { ServerClock } from '../database/server-clock.js';
import { settleDispatch, toOutcomeValues, toSettlement } from './settle.js';
import { NEXT_TURN } from './claim-epoch.js';
import { tidySums } from './pending-counters.js';
import { statement, type Statement } from '../database/statement.js';

/** The queue in PostgreSQL, for any number of processes. */
export class PostgresDispatchStore implements QueueRepository {
  /** By lane. */
  private readonly gates = new Map<string, LaneGate>();
  private readonly extendHold: Statement;
  private readonly settleOne: Statement;
  private readonly releaseOne: Statement;
  private readonly takeOver: Statement;
  private readonly tidy: Statement;
  private readonly renewLeases: Statement;
  /** Dispatches whose outcome may be recorded. Whoever settles tries again until he knows. */
  private readonly inDoubt = new Set<string>();
  private readonly serverClock: ServerClock;
  private readonly clockSteps: ClockSteps;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly clock: Clock,
    readonly arrivals: Observable<void>,
    private readonly lanes: Lanes,
  ) {
    this.serverClock = new ServerClock(clock);
    this.clockSteps = new ClockSteps(database, schema, this.serverClock);
    // Whoever claims at the same moment has read another turn, and finds the gate held when he reads again.
    this.extendHold = statement(`
      UPDATE ${schema}.gate
      SET turn = ${NEXT_TURN}, held_until_time = greatest(held_until_time, ${schema}.store_now() + $2::float8)
      WHERE lane_no = $1::int
    `);
    this.settleOne = settleDispatch(schema);
    this.releaseOne = releaseDispatch(schema);
    this.takeOver = takeOverLapsed(schema);
    this.tidy = tidySums(schema);
    this.renewLeases = statement(`
      UPDATE ${schema}.dispatch SET lease_ends_time = ${schema}.store_now() + $2::float8
      FROM unnest($1::bigint[], $3::uuid[]) AS held (no, id)
      WHERE dispatch_no = ANY($1::bigint[]) AND dispatch_no = held.no AND dispatch_id = held.id AND ended_at IS NULL
    `);
  }

  async claim(terms: ClaimOptions): Promise<ClaimResult> {
    const { claimer } = this.gates.get(terms.lane) ?? (await this.openGate(terms.lane));
    return claimer.claim(terms);
  }

  async awaitSendSlot({ lane, dispatchId }: ClaimedDispatch): Promise<boolean> {
    return (await this.gates.get(lane)?.starter.mayLeave(dispatchId)) ?? true;
  }

  recordSent({ lane, dispatchId }: ClaimedDispatch): void {
    this.gates.get(lane)?.starter.callLeft(dispatchId);
  }

  async holdLane(lane: string, forMs: number): Promise<void> {
    await this.database.write(this.extendHold, [(await this.lanes.find(lane)).laneNo, forMs]);
  }

  /** Nobody else settles this dispatch: where the answer to a COMMIT got lost and it is settled, it was by us. */
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
    await this.database.write(this.renewLeases, [numbers, leaseMs, ids]);
  }

  async reclaimExpired(): Promise<string[]> {
    await this.database.write(this.tidy);
    const taken: string[] = [];
    let step;
    do {
      step = await this.database.write(this.takeOver, [this.serverClock.latestMs()]);
      taken.push(...step.map((row) => String(row['dispatch_id'])));
    } while (step.length === TAKEN_OVER_AT_ONCE);
    return taken;
  }

  /** Two that open it at once find the same one. */
  private async openGate(name: string): Promise<LaneGate> {
    const lane = await this.lanes.find(name);
    const gate =
      this.gates.get(name) ?? new LaneGate(this.database, this.schema, lane, this.clock, this.clockSteps);
    this.gates.set(name, gate);
    return gate;
  }
}
