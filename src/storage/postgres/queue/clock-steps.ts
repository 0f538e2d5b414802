import { Logger } from '@nestjs/common';
import type { PostgresDatabase } from '../database/database.js';
import type { ClockReading, ClockStep, ServerClock } from '../database/server-clock.js';
import { MAX_AHEAD_MS } from './slot-schedule.js';
import { statement, type Statement } from '../database/statement.js';
import { Mutex } from '../database/mutex.js';

/** Of retries, webhooks, keys and buckets: so many rows of each are moved, those that are due first. */
const MAX_MOVED = 50_000;

/** The steps of the server's clock that have been made good, by any process. */
interface KnownSteps {
  readonly count: number;
  readonly totalMs: number;
}

/**
 * Makes good what a step of the server's clock would do. Slots, holds, leases and retries are kept as times of that clock,
 * so each process compares every reading of it with its own monotonic clock (see {@link ServerClock}). Who finds a step
 * first moves the times that lie ahead by as much, once for all processes: the count of steps in the gate's first row is
 * the fence. The others find the count raised, and only take note.
 */
export class ClockSteps {
  private readonly logger = new Logger('PostgreSQL');
  private readonly turnstile = new Mutex();
  private readonly selectSteps: Statement;
  private readonly moveTimes: Statement;
  private readonly moveTimesOfRows: readonly Statement[];
  private known: KnownSteps | null = null;
  private leaseMs = 0;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly clock: ServerClock,
  ) {
    this.selectSteps = statement(`
      SELECT clock_steps, clock_stepped_ms, ${schema}.store_now() AS now FROM ${schema}.gate WHERE lane_no = 1
    `);
    this.moveTimes = moveTimes(schema);
    this.moveTimesOfRows = [
      moveTimesOf(schema, 'retry', 'due_time'),
      moveTimesOf(schema, 'webhook_delivery', 'due_time', `state = 'pending'`),
      moveTimesOf(schema, 'idempotency', 'expires_time'),
      moveTimesOf(schema, 'rate_limit', 'full_time'),
    ];
  }

  /**
   * True where what was read together with the clock may be used. False after a step: everything is to be read again.
   * `leaseMs` is how long a lease is at the most; without it, as long as the last time.
   */
  async isSteady(reading: ClockReading, leaseMs = this.leaseMs): Promise<boolean> {
    this.leaseMs = leaseMs;
    if (this.known === null) {
      this.clock.accept(await this.readSteps());
      return true;
    }
    if (this.clock.observe(reading) === null) {
      return true;
    }
    await this.turnstile.runExclusive(() => this.makeGood(reading));
    return false;
  }

  private async makeGood(found: ClockReading): Promise<void> {
    let reading = found;
    let step = this.clock.observe(reading);
    while (step !== null && !this.clock.isOutOfOrder(reading)) {
      if (await this.move(step)) {
        this.clock.accept(reading);
        this.tell(step.ms);
        await this.moveRows(step);
        return;
      }
      // Another process was faster: its step is ours, or there were several.
      const before = this.known?.totalMs ?? 0;
      reading = await this.readSteps();
      const steppedMs = (this.known?.totalMs ?? 0) - before;
      this.clock.stepped(steppedMs);
      this.tell(steppedMs);
      step = this.clock.observe(reading);
    }
  }

  /** False where another process has made a step good meanwhile. */
  private async move({ ms, mostMs }: ClockStep): Promise<boolean> {
    const [row] = await this.database.write(this.moveTimes, [
      this.known?.count ?? 0,
      ms,
      mostMs,
      this.leaseMs,
    ]);
    if (row !== undefined) {
      this.known = { count: Number(row['clock_steps']), totalMs: Number(row['clock_stepped_ms']) };
    }
    return row !== undefined;
  }

  /** What is not moved is early or late by the step, once. */
  private async moveRows({ mostMs }: ClockStep): Promise<void> {
    for (const move of this.moveTimesOfRows) {
      try {
        await this.database.write(move, [mostMs]);
      } catch (error) {
        this.logger.warn(`times that the step of the server's clock has moved stay so: ${String(error)}`);
      }
    }
  }

  private async readSteps(): Promise<ClockReading> {
    const sentMs = this.clock.nowMs();
    const [row] = await this.database.read(this.selectSteps);
    this.known = { count: Number(row?.['clock_steps']), totalMs: Number(row?.['clock_stepped_ms']) };
    return { serverMs: Number(row?.['now']), sentMs, receivedMs: this.clock.nowMs() };
  }

  private tell(ms: number): void {
    if (ms !== 0) {
      const by = `${ms > 0 ? '+' : ''}${(ms / 1000).toFixed(1)} s`;
      this.logger.warn(
        `the clock of the PostgreSQL server has stepped by ${by}, or another server answers: slots, holds, leases and retries are moved by as much`,
      );
    }
  }
}

/**
 * Moves slots, holds and leases, where nobody has made this step good. $1 the count of steps known, $2 the step in ms, $3 the
 * step in ms at the most, $4 the longest lease in ms. Nobody knows which slots were taken before the step: of the two times
 * that it may mean the later one counts that is not too far ahead to be one.
 */
function moveTimes(schema: string): Statement {
  const latest = 'greatest(slot_taken_time, slot_taken_time + $3::float8)';
  const leaseEnd = 'least(lease_ends_time + greatest($3::float8, 0), now + $4::float8)';
  return statement(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    mine AS MATERIALIZED (
      SELECT FROM ${schema}.gate WHERE lane_no = 1 AND clock_steps = $1::bigint FOR UPDATE
    ),
    gates AS (
      UPDATE ${schema}.gate
      SET clock_steps = clock_steps + 1, clock_stepped_ms = clock_stepped_ms + $2::float8,
          slot_taken_time = CASE
            WHEN ${latest} <= now + ${String(MAX_AHEAD_MS)} THEN ${latest}
            ELSE least(slot_taken_time, slot_taken_time + $3::float8)
          END,
          held_until_time = CASE
            WHEN held_until_time > now - $3::float8 THEN held_until_time + $3::float8 ELSE held_until_time
          END
      FROM clock, mine
      RETURNING lane_no, clock_steps, clock_stepped_ms
    ),
    leases AS (
      UPDATE ${schema}.dispatch SET lease_ends_time = ${leaseEnd} FROM clock, mine WHERE ended_at IS NULL
    ),
    staged AS (
      UPDATE ${schema}.staging SET lease_ends_time = lease_ends_time + greatest($3::float8, 0) FROM mine
    )
    SELECT clock_steps, clock_stepped_ms FROM gates WHERE lane_no = 1
  `);
}

/** Moves those times of a table that lay ahead before the step. $1 the step in ms. */
function moveTimesOf(schema: string, name: string, column: string, which = 'true'): Statement {
  const table = `${schema}.${name}`;
  return statement(`
    UPDATE ${table} SET ${column} = ${column} + $1::float8
    WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${table} WHERE ${which} AND ${column} > (SELECT ${schema}.store_now()) - $1::float8
      ORDER BY ${column} LIMIT ${String(MAX_MOVED)}
    ))
  `);
}
