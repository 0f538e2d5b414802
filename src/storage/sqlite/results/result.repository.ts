import { parse } from 'uuid';
import { firstChunkContaining, type ResultChunk } from '../../../domain/result-chunk.js';
import {
  MAX_RETRIES_SEARCHED,
  type FailedId,
  type IdPosition,
  type PendingRetry,
  type PositionRange,
  type ResultRepository,
} from '../../../ingestion/results/result.repository.js';
import { IdChunks } from '../queue/id-chunks.js';
import { decompressText, type StoredText } from '../database/compressed-text.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { StoreClock } from '../database/store-clock.js';

type StoredChunk = Omit<ResultChunk, 'data'> & { readonly data: StoredText };

/** Reads the results of ids from the embedded store. */
export class SqliteResultRepository implements ResultRepository {
  private readonly idChunks: IdChunks;
  private readonly selectChunks: PreparedStatement<StoredChunk>;
  private readonly selectFailures: PreparedStatement<FailedId>;
  private readonly selectRetries: PreparedStatement<PendingRetry>;
  private readonly hasIngestion: PreparedStatement;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
  ) {
    this.idChunks = new IdChunks(database);
    this.selectChunks = database.prepare(`
      SELECT first, size, bytes, data FROM result
      WHERE seq = :seq AND first >= :earliest AND first < :to ORDER BY first
    `);
    this.selectFailures = database.prepare(`
      SELECT position, kind, message FROM dead_letter WHERE seq = :seq AND position >= :from AND position < :to
      UNION ALL
      SELECT position, kind, message FROM discarded_id WHERE seq = :seq AND position >= :from AND position < :to
      ORDER BY position LIMIT :limit
    `);
    this.selectRetries = database.prepare(`
      SELECT due.position, due.failures, due_time - :nowMs AS dueInMs, kind, message, attempted_at AS failedAtMs
      FROM (
        SELECT seq, position, failures, due_time
        FROM (SELECT * FROM retry WHERE seq = :seq LIMIT ${String(MAX_RETRIES_SEARCHED)})
        ORDER BY due_time, position LIMIT :limit
      ) AS due
      LEFT JOIN failed_attempt AS attempt ON attempt.seq = due.seq AND attempt.position = due.position
        AND attempt.dispatch_no = (
          SELECT max(dispatch_no) FROM failed_attempt WHERE seq = due.seq AND position = due.position
        )
      ORDER BY due_time, due.position
    `);
    this.hasIngestion = database.prepare('SELECT 1 FROM ingestion WHERE seq = ? AND ingestion_id = ?');
  }

  async chunks({ seq, from, to }: PositionRange, limit: number, maxBytes: number): Promise<ResultChunk[]> {
    return this.database.read(() => {
      const chunks: ResultChunk[] = [];
      let bytes = 0;
      for (const chunk of this.selectChunks.iterate({ seq, earliest: firstChunkContaining(from), to })) {
        if (chunk.first + chunk.size <= from) {
          continue;
        }
        chunks.push({ ...chunk, data: decompressText(chunk.data) });
        bytes += chunk.bytes;
        if (chunks.length === limit || bytes >= maxBytes) {
          break;
        }
      }
      return chunks;
    });
  }

  async failures({ seq, from, to }: PositionRange, limit: number): Promise<FailedId[]> {
    return this.database.read(() => this.selectFailures.all({ seq, from, to, limit }));
  }

  async retries(seq: number, limit: number): Promise<PendingRetry[]> {
    return this.database.read(() => this.selectRetries.all({ seq, limit, nowMs: this.time.nowMs() }));
  }

  async findPositions(
    packedId: Uint8Array,
    ranges: readonly PositionRange[],
    limit: number,
  ): Promise<IdPosition[]> {
    return this.database.read(() => {
      const found: IdPosition[] = [];
      for (const { seq, from, to } of ranges) {
        for (const position of this.idChunks.find(seq, packedId, from, to)) {
          found.push({ seq, position });
          if (found.length === limit) {
            return found;
          }
        }
      }
      return found;
    });
  }

  async readIds(ingestionId: string, stretches: readonly PositionRange[]): Promise<Uint8Array | null> {
    const id = parse(ingestionId);
    return this.database.read(() =>
      stretches.every(({ seq }) => this.hasIngestion.get(seq, id) !== undefined)
        ? Buffer.concat(stretches.map(({ seq, from, to }) => this.idChunks.read(seq, from, to - from)))
        : null,
    );
  }
}
