import { parse, stringify } from 'uuid';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { HeldDispatch } from './settle.js';

interface DispatchKeyRow {
  readonly dispatch_no: number;
  readonly dispatch_id: Uint8Array;
}

/** The leases of the dispatches in flight. Every method that changes them must run in a write transaction. */
export class DispatchLeases {
  private readonly updateOne: PreparedStatement;
  private readonly selectExpired: PreparedStatement<DispatchKeyRow>;

  constructor(private readonly database: SqliteDatabase) {
    this.updateOne = database.prepare(`
      UPDATE dispatch SET lease_ends_time = :leaseEndsTime
      WHERE dispatch_no = :dispatchNo AND dispatch_id = :dispatchId AND ended_at IS NULL
    `);
    this.selectExpired = database.prepare(`
      SELECT dispatch_no, dispatch_id FROM dispatch WHERE ended_at IS NULL AND lease_ends_time <= ?
    `);
  }

  /** Returns false, and changes nothing, if the dispatch is not in flight any more. */
  renew({ dispatchNo, dispatchId }: HeldDispatch, leaseEndsTime: number): boolean {
    return this.updateOne.run({ dispatchNo, dispatchId: parse(dispatchId), leaseEndsTime }).changes > 0;
  }

  /** Returns the dispatches whose leases have ended. */
  expired(nowMs: number): HeldDispatch[] {
    return this.selectExpired
      .all(nowMs)
      .map(({ dispatch_no: dispatchNo, dispatch_id: id }) => ({ dispatchNo, dispatchId: stringify(id) }));
  }

  /**
   * Expires the leases of all dispatches in flight, in a transaction of its own. For the start: only this process holds the
   * file, so the process that claimed them has ended.
   */
  expireAll(nowMs: number): void {
    const inFlight = this.database.prepare('SELECT 1 FROM dispatch WHERE ended_at IS NULL LIMIT 1').get();
    if (inFlight !== undefined) {
      const expire = this.database.prepare(
        'UPDATE dispatch SET lease_ends_time = min(lease_ends_time, ?) WHERE ended_at IS NULL',
      );
      this.database.write(() => expire.run(nowMs));
    }
  }
}
