import { parse, stringify } from 'uuid';
import type { Dispatch, DispatchPart } from '../../../domain/dispatch.js';
import { toLabelsField, type Labels } from '../../../domain/labels.js';
import type { Runtime } from '../../../domain/runtime.js';
import { BYTES_PER_ID } from '../../../domain/packed-ids.js';
import type { Selection } from '../../../scheduler/queue/queue.repository.js';
import type { IdChunks } from './id-chunks.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

interface ClaimedIngestionRow {
  readonly ingestion_id: Uint8Array;
  readonly labels: string | null;
}

/** An ingestion from which a claim takes ids. */
interface ClaimedIngestion {
  readonly ingestionId: string;
  readonly labels?: Labels;
  /** The position of the first new id that is taken. */
  readonly first: number;
  /** All new ids that are taken; they follow each other. */
  readonly packedIds: Uint8Array;
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
  private readonly moveCursor: PreparedStatement<ClaimedIngestionRow>;
  private readonly touch: PreparedStatement<ClaimedIngestionRow>;
  private readonly removeRetry: PreparedStatement;

  constructor(
    database: SqliteDatabase,
    private readonly idChunks: IdChunks,
    private readonly runtime: Runtime,
  ) {
    this.insertDispatch = database.prepare(`
      INSERT INTO dispatch (dispatch_id, lane_no, begun_at, lease_ends_time)
      VALUES (?, ?, ?, ?)
    `);
    this.insertPart = database.prepare(`
      INSERT INTO dispatch_part (dispatch_no, part_no, seq, batch_no, first, size, failures,
                                 kept_dispatch_id, kept_place, kept_size)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    `);
    this.insertBatch = database.prepare('INSERT INTO batch (seq, batch_no, first, size) VALUES (?, ?, ?, ?)');
    this.moveCursor = database.prepare(`
      UPDATE ingestion SET taken = taken + :size, batches = batches + :batches, updated_at = :updatedAt
      WHERE seq = :seq RETURNING ingestion_id, labels
    `);
    this.touch = database.prepare(`
      UPDATE ingestion SET updated_at = :updatedAt WHERE seq = :seq RETURNING ingestion_id, labels
    `);
    this.removeRetry = database.prepare(`
      DELETE FROM retry
      WHERE lane_no = :laneNo AND rank = :rank AND due_time = :dueTime AND seq = :seq AND position = :position
    `);
  }

  /** Writes the dispatches of a lane as part of the claim's transaction. Each ingestion is moved and read once. */
  writeAll(dispatches: readonly (readonly Selection[])[], start: DispatchStart): Dispatch[] {
    const ingestions = new Map<number, ClaimedIngestion>();
    for (const [seq, taken] of Map.groupBy(dispatches.flat(), ({ candidate }) => candidate.seq)) {
      ingestions.set(seq, this.take(seq, taken, start));
    }
    return dispatches.map((taken) => this.write(taken, ingestions, start));
  }

  private take(seq: number, taken: readonly Selection[], { begunAtMs }: DispatchStart): ClaimedIngestion {
    const fresh = taken.filter(({ candidate }) => !candidate.isRetry);
    const size = fresh.reduce((sum, selection) => sum + selection.size, 0);
    const first = fresh[0]?.candidate.first ?? 0;
    const row =
      fresh.length === 0
        ? this.touch.get({ seq, updatedAt: begunAtMs })
        : this.moveCursor.get({ seq, size, batches: fresh.length, updatedAt: begunAtMs });
    if (row === undefined) {
      throw new Error(`ingestion ${String(seq)} is missing`);
    }
    return {
      ingestionId: stringify(row.ingestion_id),
      ...toLabelsField(row.labels),
      first,
      packedIds: this.idChunks.read(seq, first, size),
    };
  }

  private write(
    taken: readonly Selection[],
    ingestions: ReadonlyMap<number, ClaimedIngestion>,
    start: DispatchStart,
  ): Dispatch {
    const dispatchId = this.runtime.uuidV7();
    const { laneNo, begunAtMs, leaseEndsTime } = start;
    const { lastInsertRowid } = this.insertDispatch.run(parse(dispatchId), laneNo, begunAtMs, leaseEndsTime);
    const dispatchNo = Number(lastInsertRowid);
    const parts = taken.map((selection, partNo) => {
      const { seq, batchNo, first, failures, keptKey } = selection.candidate;
      const keptDispatchId = keptKey === undefined ? null : parse(keptKey.dispatchId);
      const kept = [keptDispatchId, keptKey?.place ?? null, keptKey?.size ?? null];
      this.insertPart.run(dispatchNo, partNo, seq, batchNo, first, selection.size, failures, ...kept);
      return this.writePart(selection, ingestions.get(seq), laneNo);
    });
    return { dispatchNo, dispatchId, lane: start.lane, parts };
  }

  private writePart(
    { candidate, size }: Selection,
    ingestion: ClaimedIngestion | undefined,
    laneNo: number,
  ): DispatchPart {
    const { rank, seq, batchNo, first, failures, isRetry, pendingSinceMs: dueTime, keptKey } = candidate;
    if (ingestion === undefined) {
      throw new Error(`ingestion ${String(seq)} is missing`);
    }
    if (isRetry) {
      this.removeRetry.run({ laneNo, rank, dueTime, seq, position: first });
    } else {
      this.insertBatch.run(seq, batchNo, first, size);
    }
    const from = (first - ingestion.first) * BYTES_PER_ID;
    const packedIds = isRetry
      ? this.idChunks.read(seq, first, size)
      : ingestion.packedIds.subarray(from, from + size * BYTES_PER_ID);
    const { ingestionId, labels } = ingestion;
    const part = { ingestionId, batchNo, first, size, failures, packedIds };
    return { ...part, ...(labels && { labels }), ...(keptKey !== undefined && { keptKey }) };
  }
}
