import type { StatementSync } from 'node:sqlite';
import { randomUUIDv7 } from 'node:crypto';
import { parse, stringify } from 'uuid';
import type { Dispatch, DispatchPart } from '../../../domain/dispatch.js';
import type { Selection } from '../../../scheduler/queue/dispatch-order.js';
import type { Chunks } from './id-chunks.js';
import type { SqliteDatabase } from '../database/database.js';
import type { WaitingCandidate } from './pending-ids.js';

interface Beginning {
  readonly lane: string;
  readonly laneNo: number;
  readonly leaseEndsTime: number;
  readonly begunAtMs: number;
}

/** Records that ids begin their way: the dispatch, its parts, and the batches of ids that go for the first time. */
export class DispatchWriter {
  private readonly insertDispatch: StatementSync;
  private readonly insertPart: StatementSync;
  private readonly insertBatch: StatementSync;
  private readonly moveCursor: StatementSync;
  private readonly touch: StatementSync;
  private readonly removeRetry: StatementSync;

  constructor(
    database: SqliteDatabase,
    private readonly chunks: Chunks,
  ) {
    this.insertDispatch = database.prepare(`
      INSERT INTO dispatch (dispatch_id, lane_no, begun_at, lease_ends_time)
      VALUES (:dispatchId, :laneNo, :begunAt, :leaseEndsTime)
    `);
    this.insertPart = database.prepare(`
      INSERT INTO dispatch_part (dispatch_no, part_no, seq, batch_no, first, size, failures)
      VALUES (:dispatchNo, :partNo, :seq, :batchNo, :first, :size, :failures)
    `);
    this.insertBatch = database.prepare(`
      INSERT INTO batch (seq, batch_no, first, size) VALUES (:seq, :batchNo, :first, :size)
    `);
    this.moveCursor = database.prepare(`
      UPDATE ingestion SET taken = taken + :size, batches = batches + 1, updated_at = :updatedAt
      WHERE seq = :seq RETURNING ingestion_id
    `);
    this.touch = database.prepare(`
      UPDATE ingestion SET updated_at = :updatedAt WHERE seq = :seq RETURNING ingestion_id
    `);
    this.removeRetry = database.prepare(`
      DELETE FROM retry
      WHERE lane_no = :laneNo AND rank = :rank AND due_time = :dueTime AND seq = :seq AND position = :position
    `);
  }

  /** Part of the claim's transaction. */
  begin(taken: readonly Selection<WaitingCandidate>[], beginning: Beginning): Dispatch {
    const dispatchId = randomUUIDv7();
    const { lastInsertRowid } = this.insertDispatch.run({
      dispatchId: parse(dispatchId),
      laneNo: beginning.laneNo,
      begunAt: beginning.begunAtMs,
      leaseEndsTime: beginning.leaseEndsTime,
    });
    const dispatchNo = Number(lastInsertRowid);
    const parts = taken.map(({ candidate, size }, partNo) => {
      const { seq, batchNo, first, failures } = candidate;
      this.insertPart.run({ dispatchNo, partNo, seq, batchNo, first, size, failures });
      return this.beginPart(candidate, size, beginning);
    });
    return { dispatchNo, dispatchId, lane: beginning.lane, parts };
  }

  private beginPart(
    candidate: WaitingCandidate,
    size: number,
    { laneNo, begunAtMs: updatedAt }: Beginning,
  ): DispatchPart {
    const { rank, seq, batchNo, first, failures } = candidate;
    let row;
    if (candidate.isRetry) {
      this.removeRetry.run({ laneNo, rank, dueTime: candidate.pendingSinceMs, seq, position: first });
      row = this.touch.get({ seq, updatedAt });
    } else {
      this.insertBatch.run({ seq, batchNo, first, size });
      row = this.moveCursor.get({ seq, size, updatedAt });
    }
    return {
      ingestionId: stringify(row?.['ingestion_id'] as Uint8Array),
      batchNo,
      first,
      size,
      failures,
      packedIds: this.chunks.read(seq, first, size),
    };
  }
}
