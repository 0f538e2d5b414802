import { Logger } from '@nestjs/common';
import type { PostgresDatabase } from '../database/database.js';
import type { ClockReading, ClockStep, ServerClock } from '../database/server-clock.js';
import { MAX_AHEAD_MS } from './gate-row.js';
import { statement, type Statement } from '../database/statement.js';
import { Mutex } from '../../../domain/mutex.js';

/** Maximum number of rows moved per table (retries, webhooks, keys and buckets), those due first. */
const MAX_MOVED = 50_000;

/** The steps of the server's clock that any process has compensated. */
interface KnownSteps {
  readonly count: number;
  readonly totalMs: number;
}

/**
 * Compensates steps of the server's clock. Slots, holds, leases and retries are stored as times of that clock, so each
 * process compares every reading with its own monotonic clock (see {@link ServerClock}). The first process that detects
 * a step moves all future times by it, once for all processes: the step count in the first lane's row is the fencing
 * token. The others see the higher count and only update their state.
 */
export class ClockSteps {
  private readonly logger = new Logger('PostgreSQL');
  private readonly mutex = new Mutex();
  private readonly selectSteps: Statement;
  private readonly moveTimes: Statement;
  private readonly moveTimesOfRows: readonly Statement[];
  private known: KnownSteps | null = null;
  private leaseMs = 0;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    readonly clock: ServerClock,
  ) {
    this.selectSteps = statement(`
      SELECT clock_steps, clock_stepped_ms, ${schema}.store_now() AS now FROM ${schema}.gate WHERE lane_no = 1
    `);
    this.moveTimes = moveTimes(schema);
    this.moveTimesOfRows = [
      moveTimesOf(schema, 'retry', 'due_time'),
      moveTimesOf(schema, 'schedule', 'due_time'),
      moveTimesOf(schema, 'expiry', 'expires_time'),
      moveTimesOf(schema, 'webhook_delivery', 'due_time', `state = 'pending'`),
      moveTimesOf(schema, 'idempotency', 'expires_time'),
      moveTimesOf(schema, 'rate_limit', 'full_time'),
    ];
  }

  /**
   * Returns true if the data read together with the clock is valid, false after a step: then everything must be read
   * again. `leaseMs` is the maximum lease; the default is the last given value.
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
    await this.mutex.runExclusive(() => this.compensate(reading));
    return false;
  }

  private async compensate(found: ClockReading): Promise<void> {
    let reading = found;
    let step = this.clock.observe(reading);
    while (step !== null && !this.clock.isOutOfOrder(reading)) {
      if (await this.move(step)) {
        this.clock.accept(reading);
        this.logStep(step.ms);
        await this.moveRows(step);
        return;
      }
      // Another process was faster: its step is the same one, or there were several.
      const before = this.known?.totalMs ?? 0;
      reading = await this.readSteps();
      const steppedMs = (this.known?.totalMs ?? 0) - before;
      this.clock.stepped(steppedMs);
      this.logStep(steppedMs);
      step = this.clock.observe(reading);
    }
  }

  /** Returns false if another process has compensated a step meanwhile. */
  private async move({ ms, maxMs }: ClockStep): Promise<boolean> {
    const [row] = await this.database.write(this.moveTimes, [
      this.known?.count ?? 0,
      ms,
      maxMs,
      this.leaseMs,
    ]);
    if (row !== undefined) {
      this.known = { count: Number(row['clock_steps']), totalMs: Number(row['clock_stepped_ms']) };
    }
    return row !== undefined;
  }

  /** Moves the times of rows. A row that is not moved is early or late by the step, once. */
  private async moveRows({ maxMs }: ClockStep): Promise<void> {
    for (const move of this.moveTimesOfRows) {
      try {
        await this.database.write(move, [maxMs]);
      } catch (error) {
        this.logger.warn(`times could not be moved by the step of the server's clock: ${String(error)}`);
      }
    }
  }

  private async readSteps(): Promise<ClockReading> {
    const sentMs = this.clock.nowMs();
    const [row] = await this.database.read(this.selectSteps);
    this.known = { count: Number(row?.['clock_steps']), totalMs: Number(row?.['clock_stepped_ms']) };
    return { serverMs: Number(row?.['now']), sentMs, receivedMs: this.clock.nowMs() };
  }

  private logStep(ms: number): void {
    if (ms !== 0) {
      const by = `${ms > 0 ? '+' : ''}${(ms / 1000).toFixed(1)} s`;
      this.logger.warn(
        `the clock of the PostgreSQL server has stepped by ${by}, or another server responds: slots, holds, leases and retries are moved by the same amount`,
      );
    }
  }
}

/**
 * Moves slots, holds and leases if no other process has compensated this step. $1 known step count, $2 step in ms, $3
 * largest possible step in ms, $4 longest lease in ms. It is unknown which slots were taken before the step: of the two
 * possible times the later one is used, unless it is too far ahead to be a slot.
 */
function moveTimes(schema: string): Statement {
  const latest = 'greatest(slot_taken_time, slot_taken_time + $3::float8)';
  const moved = (column: string): string =>
    `CASE WHEN ${column} > ${earlierNow('now', '$3')} THEN ${column} + $3::float8 ELSE ${column} END`;
  const leaseEnd = 'least(lease_ends_time + greatest($3::float8, 0), now + $4::float8)';
  return statement(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    mine AS MATERIALIZED (
      SELECT FROM ${schema}.gate WHERE lane_no = 1 AND clock_steps = $1::bigint FOR UPDATE
    ),
    locked AS MATERIALIZED (
      SELECT lane_no FROM ${schema}.gate WHERE EXISTS (SELECT FROM mine)
      ORDER BY lane_no FOR UPDATE -- in the order of claims, to prevent deadlocks
    ),
    gates AS (
      UPDATE ${schema}.gate
      SET clock_steps = clock_steps + 1, clock_stepped_ms = clock_stepped_ms + $2::float8,
          slot_taken_time = CASE
            WHEN ${latest} <= now + ${String(MAX_AHEAD_MS)} THEN ${latest}
            ELSE least(slot_taken_time, slot_taken_time + $3::float8)
          END,
          held_until_time = ${moved('held_until_time')}, ceiling_until_time = ${moved('ceiling_until_time')}
      FROM clock, mine
      WHERE lane_no = ANY (ARRAY(SELECT lane_no FROM locked))
      RETURNING lane_no, clock_steps, clock_stepped_ms
    ),
    leases AS (
      UPDATE ${schema}.dispatch SET lease_ends_time = ${leaseEnd} FROM clock, mine WHERE ended_at IS NULL
    ),
    departures AS (
      UPDATE ${schema}.departure SET departs_us = moved.departs_us
      FROM mine CROSS JOIN LATERAL (
        SELECT lane_no, departure_no, max(${toMovedDeparture('departs_us')}) OVER (
          PARTITION BY lane_no ORDER BY departure_no
        ) AS departs_us
        FROM ${schema}.departure CROSS JOIN clock
      ) AS moved
      WHERE departure.lane_no = moved.lane_no AND departure.departure_no = moved.departure_no
    ),
    staged AS (
      UPDATE ${schema}.staging SET lease_ends_time = lease_ends_time + greatest($3::float8, 0) FROM mine
    )
    SELECT clock_steps, clock_stepped_ms FROM gates WHERE lane_no = 1
  `);
}

/** Does the same for a departure, in microseconds. The times of a lane's departures still never decrease. */
function toMovedDeparture(column: string): string {
  const step = 'ceil($3::float8 * 1000)::bigint';
  const latest = `greatest(${column}, ${column} + ${step})`;
  return `CASE WHEN ${latest} <= (now + ${String(MAX_AHEAD_MS)}) * 1000 THEN ${latest} ELSE least(${column}, ${column} + ${step}) END`;
}

/** Moves the times of a table that lie ahead by the clock before the step, or by the one after it. $1 step in ms. */
function moveTimesOf(schema: string, name: string, column: string, which = 'true'): Statement {
  const table = `${schema}.${name}`;
  return statement(`
    UPDATE ${table} SET ${column} = ${column} + $1::float8
    WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${table} WHERE ${which} AND ${column} > ${earlierNow(`(SELECT ${schema}.store_now())`, '$1')}
      ORDER BY ${column} LIMIT ${String(MAX_MOVED)}
    ))
  `);
}

/**
 * SQL for the present by the clock before the step or by the one after it, whichever is earlier. After a step back a time
 * that had come lies ahead again, so it must be moved too.
 */
function earlierNow(now: string, step: '$1' | '$3'): string {
  return `${now} - greatest(${step}::float8, 0)`;
}
