import type {
  DispatchedBatch,
  DispatchFilter,
  DispatchRepository,
  IdError,
  DispatchRecord,
} from '../../../operations/dispatches/dispatch.repository.js';
import {
  toDispatchedBatch,
  toDispatchRecord,
  type DispatchPartRow,
  type DispatchRow,
} from '../../shared/rows/dispatch-row.js';
import { IdChunks } from '../queue/id-chunks.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import { toUuidColumn } from '../database/uuid-column.js';

interface PartRow extends DispatchPartRow {
  readonly seq: number;
  readonly first: number;
}

/** The dispatches that a page starts below, at most `limit` of them, with at most `idsPerPart` ids per part. */
interface Page {
  readonly before: number;
  readonly limit: number;
  readonly idsPerPart: number;
}

/** Reads the dispatches of the embedded store. */
export class SqliteDispatchRepository implements DispatchRepository {
  private readonly chunks: IdChunks;
  private readonly selectAny: PreparedStatement<DispatchRow>;
  private readonly selectOfLane: PreparedStatement<DispatchRow>;
  private readonly selectOfIngestion: PreparedStatement<DispatchRow>;
  private readonly selectParts: PreparedStatement<PartRow>;
  private readonly selectErrors: PreparedStatement<IdError>;

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
      SELECT seq, ingestion_id, rank, batch_no, first, size, failures,
             (SELECT count(*) FROM failed_attempt AS attempt
              WHERE attempt.seq = part.seq AND attempt.dispatch_no = part.dispatch_no
                AND attempt.position >= part.first AND attempt.position < part.first + part.size) AS unsuccessful
      FROM dispatch_part AS part JOIN ingestion USING (seq) WHERE dispatch_no = ? ORDER BY part_no
    `);
    this.selectErrors = database.prepare(`
      SELECT position - :first AS "index", kind, message FROM failed_attempt
      WHERE seq = :seq AND position >= :first AND position < :first + :size AND dispatch_no = :dispatchNo
      ORDER BY position
    `);
  }

  async list(filter: DispatchFilter, before: number | null, limit: number): Promise<DispatchRecord[]> {
    return this.select(filter, { before: before ?? Number.MAX_SAFE_INTEGER, limit, idsPerPart: Infinity });
  }

  async recent(lane: string, limit: number, idsPerPart: number): Promise<DispatchRecord[]> {
    return this.select({ lane }, { before: Number.MAX_SAFE_INTEGER, limit, idsPerPart });
  }

  private select(filter: DispatchFilter, { idsPerPart, ...page }: Page): DispatchRecord[] {
    return this.database.read(() =>
      this.selectRows(filter, page).map((row) => toDispatchRecord(row, this.readParts(row, idsPerPart))),
    );
  }

  private selectRows({ ingestionId, lane }: DispatchFilter, page: Omit<Page, 'idsPerPart'>): DispatchRow[] {
    if (ingestionId !== undefined) {
      return this.selectOfIngestion.all({
        ...page,
        ingestionId: toUuidColumn(ingestionId),
        lane: lane ?? null,
      });
    }
    return lane === undefined ? this.selectAny.all({ ...page }) : this.selectOfLane.all({ ...page, lane });
  }

  private readParts({ dispatch_no: dispatchNo }: DispatchRow, idsPerPart: number): DispatchedBatch[] {
    return this.selectParts.all(dispatchNo).map((part) => {
      const { seq, first } = part;
      const size = Math.min(part.size, idsPerPart);
      const errors = this.selectErrors.all({ dispatchNo, seq, first, size });
      return toDispatchedBatch(part, this.chunks.read(seq, first, size), errors);
    });
  }
}
