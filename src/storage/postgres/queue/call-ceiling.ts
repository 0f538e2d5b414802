import { uncountedDispatches } from '../../shared/uncounted-dispatches.js';
import { statement, type Statement } from '../database/statement.js';
import { latestNow } from './latest-now.js';

/**
 * The statement that writes what an answer of the upstream says to remain, see `QueueRepository.limitCalls`. A statement
 * before it locks the gate, so that it sees every claim. A claim that has read the gate before is void. $1 lane, $2 number and
 * $3 id of the answered dispatch, $4 the calls that remain, $5 ms until the reset, $6 true if each id is a call,
 * $7 the latest possible server time, see {@link latestNow}.
 */
export function limitCalls(schema: string): Statement {
  return statement(`
    WITH clock AS MATERIALIZED (SELECT ${latestNow(`${schema}.store_now()`, '$7')} AS now),
    told AS MATERIALIZED (
      SELECT begun_at FROM ${schema}.dispatch WHERE dispatch_no = $2::bigint AND dispatch_id = $3::uuid
    ),
    uncounted AS MATERIALIZED (${uncountedDispatches(`${schema}.dispatch`, '$1::int', '$2::bigint')}
    ),
    ceiling AS MATERIALIZED (
      SELECT greatest(0, $4::bigint - CASE WHEN $6::bool THEN (
        SELECT coalesce(sum(size), 0) FROM uncounted JOIN ${schema}.dispatch_part USING (dispatch_no)
      ) + (
        SELECT greatest(0, coalesce(sum(size), 0) - 1) FROM ${schema}.dispatch_part WHERE dispatch_no = $2::bigint
      ) ELSE (SELECT count(*) FROM uncounted) END) AS calls FROM told
    )
    UPDATE ${schema}.gate SET ceiling_calls = calls, ceiling_until_time = now + $5::float8, ceiling_dispatch_no = $2::bigint,
      held_until_time = CASE WHEN calls > 0 THEN held_until_time ELSE greatest(held_until_time, now + $5::float8) END
    FROM clock, ceiling
    WHERE lane_no = $1::int AND (ceiling_dispatch_no <= $2::bigint OR ceiling_until_time <= now)
  `);
}
