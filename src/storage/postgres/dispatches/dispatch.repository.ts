import { validate } from 'uuid';
import type {
  DispatchFilter,
  DispatchRepository,
  DispatchRecord,
  IdError,
} from '../../../operations/dispatches/dispatch.repository.js';
import type { AttemptErrorKind } from '../../../domain/dispatch.js';
import {
  toDispatchedBatch,
  toDispatchRecord,
  type DispatchPartRow,
  type DispatchRow,
} from '../../shared/rows/dispatch-row.js';
import { sliceOfChunks } from '../queue/id-chunks.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';

interface PartRow extends DispatchPartRow {
  readonly packed_ids: Uint8Array;
  readonly errors: readonly [number, AttemptErrorKind, string][] | null;
}

/** A dispatch with one of its parts, or without parts. */
type PageRow = DispatchRow & (PartRow | { readonly ingestion_id: null });

/** Reads the dispatches of PostgreSQL. */
export class PostgresDispatchRepository implements DispatchRepository {
  private readonly selectAny: Statement<PageRow>;
  private readonly selectOfLane: Statement<PageRow>;
  private readonly selectOfIngestion: Statement<PageRow>;

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
      `SELECT dispatch_no FROM ${schema}.dispatch WHERE lane_no = ${laneNo('$4')} AND ${page}`,
    );
    // All ids of an ingestion go through one lane.
    this.selectOfIngestion = selectPage(
      schema,
      `SELECT DISTINCT dispatch_no FROM ${schema}.dispatch_part
       WHERE seq = (
         SELECT seq FROM ${schema}.ingestion
         WHERE ingestion_id = $4::uuid AND ($5::text IS NULL OR lane_no = ${laneNo('$5')})
       ) AND ${page}`,
    );
  }

  async list(filter: DispatchFilter, before: number | null, limit: number): Promise<DispatchRecord[]> {
    return toDispatches(await this.select(filter, [before ?? Number.MAX_SAFE_INTEGER, limit, null]));
  }

  async recent(lane: string, limit: number, idsPerPart: number): Promise<DispatchRecord[]> {
    return toDispatches(await this.select({ lane }, [Number.MAX_SAFE_INTEGER, limit, idsPerPart]));
  }

  private select(
    { ingestionId, lane }: DispatchFilter,
    page: readonly [before: number, limit: number, idsPerPart: number | null],
  ): Promise<PageRow[]> {
    if (ingestionId !== undefined) {
      const id = validate(ingestionId) ? ingestionId : null;
      return this.database.read(this.selectOfIngestion, [...page, id, lane ?? null]);
    }
    return lane === undefined
      ? this.database.read(this.selectAny, page)
      : this.database.read(this.selectOfLane, [...page, lane]);
  }
}

/**
 * Selects a page with one row per part: dispatches with a number below $1, at most $2 of them, with the first $3 ids of
 * each part (null: all).
 */
function selectPage(schema: string, selectWanted: string): Statement<PageRow> {
  return statement(`
    WITH wanted AS MATERIALIZED (${selectWanted})
    SELECT dispatch.dispatch_no, dispatch_id,
           (SELECT lane FROM ${schema}.gate WHERE gate.lane_no = dispatch.lane_no) AS lane, begun_at, ended_at, ending, completed, retried, failed, part.*
    FROM ${schema}.dispatch LEFT JOIN LATERAL (
      SELECT part_no, batch_no, carried.size, failures, its.*, ${sliceOfChunks(schema, 'shown')} AS packed_ids,
             (SELECT count(*) FROM ${schema}.failed_attempt AS attempt
              WHERE attempt.seq = carried.seq AND attempt.position >= carried.first
                AND attempt.position < carried.first + carried.size
                AND attempt.dispatch_no = carried.dispatch_no) AS unsuccessful,
             (SELECT json_agg(json_build_array(attempt.position - shown.first, kind, message) ORDER BY attempt.position)
              FROM ${schema}.failed_attempt AS attempt
              WHERE attempt.seq = carried.seq AND attempt.position >= shown.first
                AND attempt.position < shown.first + shown.size
                AND attempt.dispatch_no = carried.dispatch_no) AS errors
      FROM ${schema}.dispatch_part AS carried
      CROSS JOIN LATERAL (
        SELECT carried.seq, carried.first, least(carried.size, $3::int) AS size
      ) AS shown
      CROSS JOIN LATERAL (
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
    const parts = own.flatMap((row) =>
      row.ingestion_id === null ? [] : [toDispatchedBatch(row, row.packed_ids, toErrors(row))],
    );
    return head === undefined ? [] : [toDispatchRecord(head, parts)];
  });
}

function toErrors({ errors }: PartRow): IdError[] {
  return (errors ?? []).map(([index, kind, message]) => ({ index, kind, message }));
}
