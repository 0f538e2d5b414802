import type { QueuedIds, UpcomingRequest } from '../../../operations/queue-admin/queue-admin.repository.js';
import { INITIAL_LISTS_PER_CLIENT, type Selection } from '../../../scheduler/queue/queue.repository.js';
import { toPriority } from '../../../domain/priority.js';
import { sliceOfChunks } from './id-chunks.js';
import { GatheredHeads } from './gathered-heads.js';
import { QueueHeadReader } from './queue-head.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';

interface RunRow {
  readonly run_no: number;
  readonly ingestion_id: string;
  readonly packed_ids: Uint8Array;
}

/** Reads the ids that claims would take next. */
export class UpcomingIds {
  private readonly queueHeads = new Map<number, QueueHeadReader>();
  private readonly heads: GatheredHeads;
  private readonly selectRuns: Statement<RunRow>;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly laneIds: LaneIds,
  ) {
    this.heads = new GatheredHeads(database, schema);
    this.selectRuns = statement(`
      SELECT run_no, ingestion_id, ${sliceOfChunks(schema, 'run')} AS packed_ids
      FROM json_to_recordset($1::json) AS run (run_no int, seq bigint, first int, size int)
      JOIN ${schema}.ingestion USING (seq)
      ORDER BY run_no
    `);
  }

  async upcoming({ lane, ...request }: UpcomingRequest): Promise<QueuedIds[]> {
    const { laneNo } = await this.laneIds.find(lane);
    const { database: reads, heads, schema } = this;
    const head = this.queueHeads.get(laneNo) ?? new QueueHeadReader({ heads, reads }, schema, laneNo);
    this.queueHeads.set(laneNo, head);
    const taken = await select(head, request);
    const runs = taken.map(({ candidate: { seq, first }, size }, i) => ({ run_no: i, seq, first, size }));
    const rows = await this.database.read(this.selectRuns, [JSON.stringify(runs)]);
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
}

/** Reads more ingestions of each client as long as the choice may need them. */
async function select(
  head: QueueHeadReader,
  { maxIds, isFairShare, choose }: Omit<UpcomingRequest, 'lane'>,
): Promise<readonly Selection[]> {
  for (let listsPerClient = INITIAL_LISTS_PER_CLIENT; ; listsPerClient *= 2) {
    const { pending } = await head.read({
      maxIds,
      listsPerClient: isFairShare ? listsPerClient : null,
      rules: null,
    });
    const selected = choose(pending);
    if (listsPerClient >= maxIds || !pending.isTruncated()) {
      return selected;
    }
  }
}
