import { parse, stringify } from 'uuid';
import type { Dispatch, DispatchPart } from '../../../domain/dispatch.js';
import type { Runtime } from '../../../domain/runtime.js';
import type { Candidate, Selection } from '../../../scheduler/queue/queue.repository.js';
import type { IdChunks } from './id-chunks.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

interface IngestionIdRow {
  readonly ingestion_id: Uint8Array;
}

interface DispatchStart {
  readonly lane: string;
  readonly laneNo: number;
  readonly leaseEndsTime: number;
  readonly begunAtMs: number;
}

/** Writes a claim: the dispatch, its parts, and the batches of ids that are sent for the first time. */
export class ClaimWriter {
  private readonly insertDispatch: PreparedStatement;
  private readonly insertPart: PreparedStatement;
  private readonly insertBatch: PreparedStatement;
  private readonly moveCursor: PreparedStatement<IngestionIdRow>;
  private readonly touch: PreparedStatement<IngestionIdRow>;
  private readonly removeRetry: PreparedStatement;

  constructor(
    database: SqliteDatabase,
    private readonly idChunks: IdChunks,
    private readonly runtime: Runtime,
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

  /** Writes one dispatch as part of the claim's transaction. */
  write(taken: readonly Selection[], dispatchStart: DispatchStart): Dispatch {
    const dispatchId = this.runtime.uuidV7();
    const { lastInsertRowid } = this.insertDispatch.run({
      dispatchId: parse(dispatchId),
      laneNo: dispatchStart.laneNo,
      begunAt: dispatchStart.begunAtMs,
      leaseEndsTime: dispatchStart.leaseEndsTime,
    });
    const dispatchNo = Number(lastInsertRowid);
    const parts = taken.map(({ candidate, size }, partNo) => {
      const { seq, batchNo, first, failures } = candidate;
      this.insertPart.run({ dispatchNo, partNo, seq, batchNo, first, size, failures });
      return this.writePart(candidate, size, dispatchStart);
    });
    return { dispatchNo, dispatchId, lane: dispatchStart.lane, parts };
  }

  private writePart(
    candidate: Candidate,
    size: number,
    { laneNo, begunAtMs: updatedAt }: DispatchStart,
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
    if (row === undefined) {
      throw new Error(`ingestion ${String(seq)} is missing`);
    }
    return {
      ingestionId: stringify(row.ingestion_id),
      batchNo,
      first,
      size,
      failures,
      packedIds: this.idChunks.read(seq, first, size),
    };
  }
}
