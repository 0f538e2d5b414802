import {
  ROUNDING_MS,
  type RateLimit,
  type RateLimitStore,
  type ConsumeRequest,
  type BucketState,
} from '../../../platform/rate-limit/rate-limit.store.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';

interface BucketRow {
  readonly is_allowed: boolean;
  readonly full_in: number;
}

/** Stores buckets in PostgreSQL, on its clock: one statement whatever the limit, and one row of an unlogged table. */
export class PostgresRateLimitStore implements RateLimitStore {
  private readonly takeOne: Statement<BucketRow>;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
  ) {
    // $1 key, $2 cost of the amount in ms, $3 window in ms, $4 whether debt is allowed.
    this.takeOne = statement(`
      WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
      taken AS (
        INSERT INTO ${schema}.rate_limit AS known (key, full_time) SELECT $1::text, now + $2::float8 FROM clock
        ON CONFLICT (key) DO UPDATE
        SET full_time = greatest(known.full_time, (SELECT now FROM clock)) + $2::float8
        WHERE $4::bool OR known.full_time <= (SELECT now FROM clock)
           OR known.full_time + $2::float8 - (SELECT now FROM clock) <= $3::float8
        RETURNING full_time
      )
      SELECT taken.full_time IS NOT NULL AS is_allowed,
             greatest(coalesce(taken.full_time, (SELECT full_time FROM ${schema}.rate_limit WHERE key = $1::text)) - now, 0)
               AS full_in
      FROM clock LEFT JOIN taken ON true
    `);
  }

  async consume(
    { key, amount, allowDebt = false }: ConsumeRequest,
    { limit, windowMs }: RateLimit,
  ): Promise<BucketState> {
    const values = [key, (amount * windowMs) / limit, windowMs + ROUNDING_MS, allowDebt];
    const [row] = await this.database.write(this.takeOne, values);
    return { isAllowed: row?.is_allowed === true, fullInMs: row?.full_in ?? 0 };
  }
}

/** Deletes full buckets: they need no row. */
export function deleteFullBuckets(schema: string): Statement {
  return statement(`
    DELETE FROM ${schema}.rate_limit WHERE key = ANY (ARRAY(
      SELECT key FROM ${schema}.rate_limit WHERE full_time <= (SELECT ${schema}.store_now())
      LIMIT 1000 FOR UPDATE SKIP LOCKED
    ))
  `);
}
