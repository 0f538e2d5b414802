import { firstChunkContaining, type ResultChunk } from '../../../domain/result-chunk.js';
import {
  MAX_RETRIES_SEARCHED,
  type FailedId,
  type IdPosition,
  type PendingRetry,
  type PositionRange,
  type ResultRepository,
} from '../../../ingestion/results/result.repository.js';
import { indexesOf } from '../../../domain/packed-ids.js';
import { chunksWithId, IDS_PER_CHUNK, sliceOfChunks } from '../queue/id-chunks.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';

/** Reads the results of ids from PostgreSQL. */
export class PostgresResultRepository implements ResultRepository {
  private readonly selectChunks: Statement<ResultChunk>;
  private readonly selectFailures: Statement<FailedId>;
  private readonly selectRetries: Statement<PendingRetry>;
  private readonly selectWithId: Statement<{
    seq: number;
    range_no: number;
    number: number;
    packed_ids: Uint8Array;
  }>;
  private readonly selectIds: Statement<{ packed_ids: Uint8Array | null }>;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
  ) {
    // Data stored out of line (TOAST) is fetched only for the returned rows, not for those that are only counted.
    this.selectChunks = statement(`
      SELECT first, size, bytes, data FROM (
        SELECT *, sum(bytes) OVER (ORDER BY first) - bytes AS bytes_before FROM (
          SELECT first, size, bytes, data FROM ${schema}.result
          WHERE seq = $1::bigint AND first >= $2::int AND first < $4::int AND first + size > $3::int
          ORDER BY first LIMIT $5::int
        ) AS theirs
      ) AS counted
      WHERE bytes_before < $6::bigint ORDER BY first
    `);
    const failuresIn = (table: string): string => `(
      SELECT position, kind, message FROM ${schema}.${table}
      WHERE seq = $1::bigint AND position >= $2::int AND position < $3::int ORDER BY position LIMIT $4::int
    )`;
    this.selectFailures = statement(`
      SELECT position, kind, message FROM (${['dead_letter', 'discarded_id'].map(failuresIn).join(' UNION ALL ')}) AS failure
      ORDER BY position LIMIT $4::int
    `);
    this.selectRetries = statement(`
      SELECT due.position, due.failures, due_time - ${schema}.store_now() AS "dueInMs", kind, message,
             attempted_at AS "failedAtMs"
      FROM (
        SELECT seq, position, failures, due_time
        FROM (SELECT * FROM ${schema}.retry WHERE seq = $1::bigint LIMIT ${String(MAX_RETRIES_SEARCHED)}) AS theirs
        ORDER BY due_time, position LIMIT $2::int
      ) AS due
      LEFT JOIN LATERAL (
        SELECT kind, message, attempted_at FROM ${schema}.failed_attempt AS attempt
        WHERE attempt.seq = due.seq AND attempt.position = due.position ORDER BY dispatch_no DESC LIMIT 1
      ) AS last ON true
      ORDER BY due_time, due.position
    `);
    this.selectWithId = statement(chunksWithId(schema));
    this.selectIds = statement(`
      SELECT string_agg(${sliceOfChunks(schema, 'slice')}, ''::bytea ORDER BY slice_no) AS packed_ids
      FROM unnest($1::bigint[], $2::int[], $3::int[]) WITH ORDINALITY AS slice (seq, first, size, slice_no)
      WHERE EXISTS (SELECT FROM ${schema}.ingestion WHERE ingestion.seq = slice.seq AND ingestion_id = $4::uuid)
    `);
  }

  async chunks({ seq, from, to }: PositionRange, limit: number, maxBytes: number): Promise<ResultChunk[]> {
    const values = [seq, firstChunkContaining(from), from, to, limit, maxBytes];
    return this.database.read(this.selectChunks, values);
  }

  async failures({ seq, from, to }: PositionRange, limit: number): Promise<FailedId[]> {
    return this.database.read(this.selectFailures, [seq, from, to, limit]);
  }

  async retries(seq: number, limit: number): Promise<PendingRetry[]> {
    return this.database.read(this.selectRetries, [seq, limit]);
  }

  async findPositions(
    packedId: Uint8Array,
    ranges: readonly PositionRange[],
    limit: number,
  ): Promise<IdPosition[]> {
    const rows = await this.database.read(this.selectWithId, [
      packedId,
      ranges.map(({ seq }) => seq),
      ranges.map(({ from }) => from),
      ranges.map(({ to }) => to),
    ]);
    return rows
      .flatMap(({ seq, range_no: rangeNo, number, packed_ids: ids }) => {
        const range = ranges[rangeNo - 1];
        return indexesOf(packedId, ids)
          .map((index) => ({ seq, position: number * IDS_PER_CHUNK + index }))
          .filter(({ position }) => range !== undefined && position >= range.from && position < range.to);
      })
      .slice(0, limit);
  }

  async readIds(ingestionId: string, stretches: readonly PositionRange[]): Promise<Uint8Array | null> {
    const [row] = await this.database.read(this.selectIds, [
      stretches.map(({ seq }) => seq),
      stretches.map(({ from }) => from),
      stretches.map(({ from, to }) => to - from),
      ingestionId,
    ]);
    return row?.packed_ids ?? null;
  }
}
