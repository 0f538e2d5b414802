import type { SQLInputValue } from 'node:sqlite';
import { parse, stringify } from 'uuid';
import type { Dispatch, DispatchPart } from '../../../domain/dispatch.js';
import { toLabelsField, type Labels } from '../../../domain/labels.js';
import type { Runtime } from '../../../domain/runtime.js';
import { BYTES_PER_ID } from '../../../domain/packed-ids.js';
import type { Selection } from '../../../scheduler/queue/queue.repository.js';
import type { IdChunks } from './id-chunks.js';
import type { SqliteDatabase } from '../database/database.js';
import { BulkInsert } from '../database/bulk-insert.js';
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
  private readonly insertDispatches: BulkInsert;
  private readonly insertParts: BulkInsert;
  private readonly insertBatches: BulkInsert;
  private readonly moveCursor: PreparedStatement<ClaimedIngestionRow>;
  private readonly touch: PreparedStatement<ClaimedIngestionRow>;
  private readonly removeRetry: PreparedStatement;

  constructor(
    database: SqliteDatabase,
    private readonly idChunks: IdChunks,
    private readonly runtime: Runtime,
  ) {
    this.insertDispatches = new BulkInsert(
      database,
      'dispatch (dispatch_id, lane_no, begun_at, lease_ends_time)',
      4,
    );
    this.insertParts = new BulkInsert(
      database,
      `dispatch_part (dispatch_no, part_no, seq, batch_no, first, size, failures,
                      kept_dispatch_id, kept_place, kept_size)`,
      10,
    );
    this.insertBatches = new BulkInsert(database, 'batch (seq, batch_no, first, size)', 4);
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
    this.insertBatches.run(
      dispatches.flat().flatMap(({ candidate: { seq, batchNo, first, isRetry }, size }) => {
        return isRetry ? [] : [[seq, batchNo, first, size]];
      }),
    );
    const claimed = this.insert(dispatches, start);
    return claimed.map((dispatch, i) => {
      const parts = (dispatches[i] ?? []).map((taken) =>
        this.toPart(taken, ingestions.get(taken.candidate.seq), start.laneNo),
      );
      return { ...dispatch, lane: start.lane, parts };
    });
  }

  /** Inserts the dispatches and their parts. Returns their keys. */
  private insert(
    dispatches: readonly (readonly Selection[])[],
    { laneNo, begunAtMs, leaseEndsTime }: DispatchStart,
  ): Pick<Dispatch, 'dispatchNo' | 'dispatchId'>[] {
    const dispatchIds = dispatches.map(() => this.runtime.uuidV7());
    const last = this.insertDispatches.run(
      dispatchIds.map((dispatchId) => [parse(dispatchId), laneNo, begunAtMs, leaseEndsTime]),
    );
    const first = last - dispatches.length + 1;
    this.insertParts.run(
      dispatches.flatMap((taken, i) =>
        taken.map((selection, partNo) => [first + i, partNo, ...toColumns(selection)]),
      ),
    );
    return dispatchIds.map((dispatchId, i) => ({ dispatchNo: first + i, dispatchId }));
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

  /** Returns a part, and takes it out of the queue if its ids are sent again. */
  private toPart(
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

/** Returns the columns of a part from `seq` on. */
function toColumns({
  candidate: { seq, batchNo, first, failures, keptKey },
  size,
}: Selection): SQLInputValue[] {
  const keptDispatchId = keptKey === undefined ? null : parse(keptKey.dispatchId);
  return [seq, batchNo, first, size, failures, keptDispatchId, keptKey?.place ?? null, keptKey?.size ?? null];
}
