import { parse } from 'uuid';
import type { ClaimedDispatch } from '../../../domain/dispatch.js';
import type { CallCeiling } from '../../../scheduler/queue/queue.repository.js';
import { uncountedDispatches } from '../../shared/uncounted-dispatches.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/** Writes what the answers of an upstream say to remain. Callers hold the transaction. */
export class CallCeilings {
  private readonly update: PreparedStatement;

  constructor(database: SqliteDatabase) {
    this.update = database.prepare(`
      WITH told AS (
        SELECT dispatch_no, begun_at FROM dispatch WHERE dispatch_no = :dispatchNo AND dispatch_id = :dispatchId
      ),
      uncounted AS (${uncountedDispatches('dispatch', ':laneNo', ':dispatchNo')}
      ),
      ceiling AS MATERIALIZED (
        SELECT max(0, :remaining - iif(:isPerId,
          (SELECT coalesce(sum(size), 0) FROM uncounted JOIN dispatch_part USING (dispatch_no)) +
            (SELECT max(0, coalesce(sum(size), 0) - 1) FROM dispatch_part WHERE dispatch_no = :dispatchNo),
          (SELECT count(*) FROM uncounted)
        )) AS calls FROM told
      )
      UPDATE gate SET ceiling_calls = ceiling.calls, ceiling_until_time = :untilTime, ceiling_dispatch_no = :dispatchNo,
        held_until_time = iif(ceiling.calls > 0, held_until_time, max(held_until_time, :untilTime))
      FROM ceiling
      WHERE lane_no = :laneNo AND (ceiling_dispatch_no <= :dispatchNo OR ceiling_until_time <= :nowMs)
    `);
  }

  write(
    laneNo: number,
    { dispatchNo, dispatchId }: ClaimedDispatch,
    { remaining, forMs, isPerId }: CallCeiling,
    nowMs: number,
  ): void {
    this.update.run({
      laneNo,
      dispatchNo,
      dispatchId: parse(dispatchId),
      remaining,
      isPerId: isPerId ? 1 : 0,
      untilTime: nowMs + forMs,
      nowMs,
    });
  }
}
