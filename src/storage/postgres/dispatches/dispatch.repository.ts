import { validate } from 'uuid';
import type {
  DispatchedBatch,
  DispatchEnding,
  DispatchFilter,
  DispatchRepository,
  DispatchRecord,
} from '../../../operations/dispatches/dispatch.repository.js';
import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import type { AttemptErrorKind } from '../../../domain/dispatch.js';
import { sliceOfChunks } from '../queue/id-chunks.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Row, type Statement } from '../database/statement.js';

interface DispatchRow {
  readonly dispatch_no: number;
  readonly dispatch_id: string;
  readonly lane: string;
  readonly begun_at: number;
  readonly ended_at: number | null;
  readonly ending: DispatchEnding | null;
  readonly completed: number;
  readonly retried: number;
  readonly failed: number;
}

interface PartRow {
  readonly ingestion_id: string;
  readonly rank: PriorityRank;
  readonly batch_no: number;
  readonly failures: number;
  readonly packed_ids: Uint8Array;
  readonly errors: readonly [number, AttemptErrorKind, string][] | null;
}

/** A dispatch with one of its parts, or without parts. */
type PageRow = DispatchRow & (PartRow | { readonly ingestion_id: null });

/** Reads the dispatch history of PostgreSQL. */
export class PostgresDispatchRepository implements DispatchRepository {
  private readonly selectAny: Statement;
  private readonly selectOfLane: Statement;
  private readonly selectOfIngestion: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
  ) {
    const laneNo = (lane: string): string =>
      `(SELECT lane_no FROM ${schema}.gate WHERE lane = ${lane}::text)`;
    const page = 'dispatch_no < $1::bigint ORDER BY dispatch_no DESC LIMIT $2::bigint';
    this.selectAny = selectPage(schema, `SELECT dispatch_no FROM ${schema}.dispatch WHERE ${page}`);
    this.selectOfLane = selectPage(
      schema,
      `SELECT dispatch_no FROM ${schema}.dispatch WHERE lane_no = ${laneNo('$3')} AND ${page}`,
    );
    // All ids of an ingestion go through one lane.
    this.selectOfIngestion = selectPage(
      schema,
      `SELECT DISTINCT dispatch_no FROM ${schema}.dispatch_part
       WHERE seq = (
         SELECT seq FROM ${schema}.ingestion
         WHERE ingestion_id = $3::uuid AND ($4::text IS NULL OR lane_no = ${laneNo('$4')})
       ) AND ${page}`,
    );
  }

  async list(filter: DispatchFilter, before: number | null, limit: number): Promise<DispatchRecord[]> {
    const rows = await this.select(filter, [before ?? Number.MAX_SAFE_INTEGER, limit]);
    return toDispatches(rows as unknown as readonly PageRow[]);
  }

  private select({ ingestionId, lane }: DispatchFilter, page: readonly number[]): Promise<Row[]> {
    if (ingestionId !== undefined) {
      const id = validate(ingestionId) ? ingestionId : null;
      return this.database.read(this.selectOfIngestion, [...page, id, lane ?? null]);
    }
    return lane === undefined
      ? this.database.read(this.selectAny, page)
      : this.database.read(this.selectOfLane, [...page, lane]);
  }
}

/** Selects a page with one row per part: dispatches with a number below $1, at most $2 of them. */
function selectPage(schema: string, selectWanted: string): Statement {
  return statement(`
    WITH wanted AS MATERIALIZED (${selectWanted})
    SELECT dispatch.dispatch_no, dispatch_id,
           (SELECT lane FROM ${schema}.gate WHERE gate.lane_no = dispatch.lane_no) AS lane, begun_at, ended_at, ending, completed, retried, failed, part.*
    FROM ${schema}.dispatch LEFT JOIN LATERAL (
      SELECT part_no, batch_no, failures, its.*, ${sliceOfChunks(schema, 'carried')} AS packed_ids,
             (SELECT json_agg(json_build_array(attempt.position - first, kind, message) ORDER BY attempt.position)
              FROM ${schema}.failed_attempt AS attempt
              WHERE attempt.seq = carried.seq AND attempt.position >= first AND attempt.position < first + size
                AND attempt.dispatch_no = carried.dispatch_no) AS errors
      FROM ${schema}.dispatch_part AS carried CROSS JOIN LATERAL (
        SELECT ingestion_id, rank FROM ${schema}.ingestion WHERE ingestion.seq = carried.seq LIMIT 1
      ) AS its
      WHERE carried.dispatch_no = dispatch.dispatch_no OFFSET 0
    ) AS part ON true
    WHERE dispatch.dispatch_no = ANY (ARRAY(SELECT dispatch_no FROM wanted))
    ORDER BY dispatch.dispatch_no DESC, part_no
  `);
}

function toDispatches(rows: readonly PageRow[]): DispatchRecord[] {
  const ofEach = Map.groupBy(rows, (row) => row.dispatch_no);
  return [...ofEach.values()].flatMap((own) => {
    const [head] = own;
    return head === undefined ? [] : [toDispatch(head, own)];
  });
}

function toDispatch(head: DispatchRow, rows: readonly PageRow[]): DispatchRecord {
  const { completed, retried, failed } = head;
  return {
    dispatchNo: head.dispatch_no,
    dispatchId: head.dispatch_id,
    lane: head.lane,
    startedAtMs: head.begun_at,
    endedAtMs: head.ended_at,
    ending: head.ending,
    counts: { completed, retried, failed },
    parts: rows.flatMap((row) => (row.ingestion_id === null ? [] : [toPart(row)])),
  };
}

function toPart(row: PartRow): DispatchedBatch {
  return {
    ingestionId: row.ingestion_id,
    batchNo: row.batch_no,
    priority: toPriority(row.rank),
    failures: row.failures,
    packedIds: row.packed_ids,
    errors: (row.errors ?? []).map(([index, kind, message]) => ({ index, kind, message })),
  };
}
