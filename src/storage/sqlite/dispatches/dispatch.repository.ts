import type { StatementSync } from 'node:sqlite';
import { parse, stringify, validate } from 'uuid';
import type {
  DispatchedBatch,
  DispatchEnding,
  DispatchFilter,
  DispatchRepository,
  IdError,
  DispatchRecord,
} from '../../../operations/dispatches/dispatch.repository.js';
import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import { IdChunks } from '../queue/id-chunks.js';
import type { SqliteDatabase } from '../database/database.js';

interface DispatchRow {
  dispatch_no: number;
  dispatch_id: Uint8Array;
  lane: string;
  begun_at: number;
  ended_at: number | null;
  ending: DispatchEnding | null;
  completed: number;
  retried: number;
  failed: number;
}

interface PartRow {
  seq: number;
  ingestion_id: Uint8Array;
  rank: PriorityRank;
  batch_no: number;
  first: number;
  size: number;
  failures: number;
}

/** Reads the dispatch history of the embedded store. */
export class SqliteDispatchRepository implements DispatchRepository {
  private readonly chunks: IdChunks;
  private readonly selectAny: StatementSync;
  private readonly selectOfLane: StatementSync;
  private readonly selectOfIngestion: StatementSync;
  private readonly selectParts: StatementSync;
  private readonly selectErrors: StatementSync;

  constructor(private readonly database: SqliteDatabase) {
    this.chunks = new IdChunks(database);
    const select = `
      SELECT dispatch_no, dispatch_id, (SELECT lane FROM gate WHERE gate.lane_no = dispatch.lane_no) AS lane, begun_at,
             ended_at, ending, completed, retried, failed
      FROM dispatch
    `;
    const laneNo = '(SELECT lane_no FROM gate WHERE lane = :lane)';
    this.selectAny = database.prepare(`
      ${select} WHERE dispatch_no < :before ORDER BY dispatch_no DESC LIMIT :limit
    `);
    this.selectOfLane = database.prepare(`
      ${select} WHERE lane_no = ${laneNo} AND dispatch_no < :before ORDER BY dispatch_no DESC LIMIT :limit
    `);
    // All ids of an ingestion go through one lane.
    this.selectOfIngestion = database.prepare(`
      ${select} WHERE dispatch_no IN (
        SELECT DISTINCT dispatch_no FROM dispatch_part
        WHERE seq = (
          SELECT seq FROM ingestion
          WHERE ingestion_id = :ingestionId AND (:lane IS NULL OR lane_no = ${laneNo})
        ) AND dispatch_no < :before
        ORDER BY dispatch_no DESC LIMIT :limit
      ) ORDER BY dispatch_no DESC
    `);
    this.selectParts = database.prepare(`
      SELECT seq, ingestion_id, rank, batch_no, first, size, failures
      FROM dispatch_part JOIN ingestion USING (seq) WHERE dispatch_no = ? ORDER BY part_no
    `);
    this.selectErrors = database.prepare(`
      SELECT position - :first AS "index", kind, message FROM failed_attempt
      WHERE seq = :seq AND position >= :first AND position < :first + :size AND dispatch_no = :dispatchNo
      ORDER BY position
    `);
  }

  async list(filter: DispatchFilter, before: number | null, limit: number): Promise<DispatchRecord[]> {
    const page = { before: before ?? Number.MAX_SAFE_INTEGER, limit };
    return this.database.read(() => {
      const rows = this.select(filter, page) as unknown as DispatchRow[];
      return rows.map((row) => this.toDispatch(row));
    });
  }

  private select({ ingestionId, lane }: DispatchFilter, page: { before: number; limit: number }): unknown[] {
    if (ingestionId !== undefined) {
      const id = validate(ingestionId) ? parse(ingestionId) : null;
      return this.selectOfIngestion.all({ ...page, ingestionId: id, lane: lane ?? null });
    }
    return lane === undefined ? this.selectAny.all(page) : this.selectOfLane.all({ ...page, lane });
  }

  private toDispatch(row: DispatchRow): DispatchRecord {
    const { dispatch_no: dispatchNo, ending, completed, retried, failed } = row;
    const parts = this.selectParts.all(dispatchNo) as unknown as PartRow[];
    return {
      dispatchNo,
      dispatchId: stringify(row.dispatch_id),
      lane: row.lane,
      startedAtMs: row.begun_at,
      endedAtMs: row.ended_at,
      ending,
      counts: { completed, retried, failed },
      parts: parts.map((part) => this.toPart(dispatchNo, part)),
    };
  }

  private toPart(dispatchNo: number, { seq, first, size, ...part }: PartRow): DispatchedBatch {
    return {
      ingestionId: stringify(part.ingestion_id),
      batchNo: part.batch_no,
      priority: toPriority(part.rank),
      failures: part.failures,
      packedIds: this.chunks.read(seq, first, size),
      errors: this.selectErrors.all({ dispatchNo, seq, first, size }) as unknown as IdError[],
    };
  }
}
