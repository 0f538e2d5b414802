import type { Observable } from 'rxjs';
import type { Outcome } from '../../scheduler/dispatch.js';
import type { Claim, ClaimTerms, DispatchStore } from '../../scheduler/dispatch.store.js';
import type { Clock } from '../../time/clock.js';
import { Claimer } from './claimer.js';
import { releaseDispatch, TAKEN_OVER_AT_ONCE, takeOverLapsed } from './give-back.js';
import type { PostgresDatabase } from './postgres-database.js';
import { InDoubtError } from './postgres-errors.js';
import { settleDispatch, toOutcomeValues, toSettlement } from './settle-dispatch.js';
import { Slot } from './slot.js';
import { Starter } from './starter.js';
import { Turnstile } from './turnstile.js';
import { statement, type Statement } from './statement.js';

/** The queue in PostgreSQL, for any number of processes. */
export class PostgresDispatchStore implements DispatchStore {
  private readonly claimer: Claimer;
  private readonly starter: Starter;
  private readonly settleOne: Statement;
  private readonly releaseOne: Statement;
  private readonly takeOver: Statement;
  private readonly renewLeases: Statement;
  /** Dispatches whose outcome may be recorded. Whoever settles tries again until he knows. */
  private readonly inDoubt = new Set<number>();

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    clock: Clock,
    readonly arrivals: Observable<void>,
  ) {
    const slot = new Slot(clock);
    const turnstile = new Turnstile();
    this.starter = new Starter(database, schema, slot, turnstile);
    this.claimer = new Claimer(database, schema, slot, this.starter, turnstile);
    this.settleOne = settleDispatch(schema);
    this.releaseOne = releaseDispatch(schema);
    this.takeOver = takeOverLapsed(schema);
    this.renewLeases = statement(`
      UPDATE ${schema}.dispatch SET lease_ends_time = ${schema}.store_now() + $2::float8
      WHERE dispatch_no = ANY($1::bigint[]) AND ended_at IS NULL
    `);
  }

  claim(terms: ClaimTerms): Promise<Claim> {
    return this.claimer.claim(terms);
  }

  mayLeave(dispatchNo: number): Promise<boolean> {
    return this.starter.mayLeave(dispatchNo);
  }

  callLeft(dispatchNo: number): void {
    this.starter.callLeft(dispatchNo);
  }

  /** Nobody else settles this dispatch: where the answer to a COMMIT got lost and it is settled, it was by us. */
  async settle(dispatchNo: number, outcomes: readonly Outcome[]): Promise<boolean> {
    try {
      const rows = await this.database.write(this.settleOne, toOutcomeValues(dispatchNo, outcomes));
      const settlement = toSettlement(rows, dispatchNo, outcomes.length);
      const wasInDoubt = this.inDoubt.delete(dispatchNo);
      return settlement === 'settled now' || (wasInDoubt && settlement === 'settled before');
    } catch (error) {
      if (error instanceof InDoubtError) {
        this.inDoubt.add(dispatchNo);
      }
      throw error;
    }
  }

  async release(dispatchNo: number): Promise<boolean> {
    return (await this.database.write(this.releaseOne, [dispatchNo])).length > 0;
  }

  async renew(dispatchNos: readonly number[], leaseMs: number): Promise<void> {
    await this.database.write(this.renewLeases, [dispatchNos, leaseMs]);
  }

  async takeOverLapsed(): Promise<string[]> {
    const taken: string[] = [];
    let step;
    do {
      step = await this.database.write(this.takeOver);
      taken.push(...step.map((row) => String(row['dispatch_id'])));
    } while (step.length === TAKEN_OVER_AT_ONCE);
    return taken;
  }
}
