import type {
  LiveRepository,
  QueuedIds,
  OrderPolicy,
  DispatchSnapshot,
} from '../../../operations/live/live.repository.js';
import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import { sliceOfChunks } from './id-chunks.js';
import { QueueHeadReader } from './queue-head.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';

interface RunRow {
  readonly run_no: number;
  readonly ingestion_id: string;
  readonly packed_ids: Uint8Array;
}

interface PartRow {
  readonly dispatch_no: number;
  readonly dispatch_id: string;
  readonly begun_at: number;
  readonly ended_at: number | null;
  readonly ending: DispatchSnapshot['ending'];
  /** The ingestion of the part; null if the dispatch has no part left. */
  readonly ingestion_id: string | null;
  readonly batch_no: number;
  readonly rank: PriorityRank;
  readonly size: number;
  readonly failures: number;
  readonly packed_ids: Uint8Array;
  readonly unsuccessful: number;
}

/** Reads the live state of lanes from PostgreSQL. */
export class PostgresLiveRepository implements LiveRepository {
  private readonly queueHeads = new Map<number, QueueHeadReader>();
  private readonly selectRuns: Statement;
  private readonly selectRecent: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly laneIds: LaneIds,
  ) {
    this.selectRuns = statement(`
      SELECT run_no, ingestion_id, ${sliceOfChunks(schema, 'run')} AS packed_ids
      FROM json_to_recordset($1::json) AS run (run_no int, seq bigint, first int, size int)
      JOIN ${schema}.ingestion USING (seq)
      ORDER BY run_no
    `);
    this.selectRecent = statement(`
      SELECT dispatch.dispatch_no, dispatch_id, begun_at, ended_at, ending, part.*,
             (SELECT count(*) FROM ${schema}.failed_attempt AS attempt
              WHERE attempt.seq = part.seq AND attempt.dispatch_no = dispatch.dispatch_no
                AND attempt.position >= part.first AND attempt.position < part.first + part.size) AS unsuccessful
      FROM (SELECT * FROM ${schema}.dispatch WHERE lane_no = $3::int ORDER BY dispatch_no DESC LIMIT $1::int) AS dispatch
      LEFT JOIN LATERAL (
        SELECT part_no, sent.seq, ingestion_id, rank, batch_no, sent.first, sent.size, failures,
               ${sliceOfChunks(schema, 'shown')} AS packed_ids
        FROM ${schema}.dispatch_part AS sent JOIN ${schema}.ingestion USING (seq)
        CROSS JOIN LATERAL (SELECT sent.seq, sent.first, least(sent.size, $2::int) AS size) AS shown
        WHERE sent.dispatch_no = dispatch.dispatch_no
      ) AS part ON true
      ORDER BY dispatch.dispatch_no DESC, part_no
    `);
  }

  async upcoming(lane: string, order: OrderPolicy, limit: number): Promise<QueuedIds[]> {
    const { laneNo } = await this.laneIds.find(lane);
    const head = this.queueHeads.get(laneNo) ?? new QueueHeadReader(this.database, this.schema, laneNo);
    this.queueHeads.set(laneNo, head);
    const { taken } = await head.read({ ...order, batchSize: limit });
    const runs = taken.map(({ candidate: { seq, first }, size }, i) => ({ run_no: i, seq, first, size }));
    const rows = (await this.database.read(this.selectRuns, [JSON.stringify(runs)])) as unknown as RunRow[];
    const byNo = new Map(rows.map((row) => [row.run_no, row]));
    return taken.flatMap(({ candidate: { rank, isRetry } }, i) => {
      const row = byNo.get(i); // missing if its ingestion was removed meanwhile
      return row === undefined
        ? []
        : [
            {
              ingestionId: row.ingestion_id,
              priority: toPriority(rank),
              isRetry,
              packedIds: row.packed_ids,
            },
          ];
    });
  }

  async recent(lane: string, limit: number, idsEach: number): Promise<DispatchSnapshot[]> {
    const { laneNo } = await this.laneIds.find(lane);
    const values = [limit, idsEach, laneNo];
    const rows = (await this.database.read(this.selectRecent, values)) as unknown as PartRow[];
    const byNo = Map.groupBy(rows, ({ dispatch_no: dispatchNo }) => dispatchNo);
    return [...byNo.values()].flatMap((parts) => toSnapshot(parts));
  }
}

function toSnapshot(rows: readonly PartRow[]): DispatchSnapshot[] {
  const [head] = rows;
  if (head === undefined) {
    return [];
  }
  return [
    {
      dispatchNo: head.dispatch_no,
      dispatchId: head.dispatch_id,
      startedAtMs: head.begun_at,
      endedAtMs: head.ended_at,
      ending: head.ending,
      unsuccessful: rows.reduce((sum, { unsuccessful }) => sum + unsuccessful, 0),
      parts: rows.flatMap((row) =>
        row.ingestion_id === null
          ? []
          : [
              {
                ingestionId: row.ingestion_id,
                batchNo: row.batch_no,
                priority: toPriority(row.rank),
                size: row.size,
                isRetry: row.failures > 0,
                packedIds: row.packed_ids,
              },
            ],
      ),
    },
  ];
}
