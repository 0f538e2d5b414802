import { parse } from 'uuid';
import { firstChunkContaining, type ResultChunk } from '../../../domain/result-chunk.js';
import type {
  FailedId,
  ResultRepository,
  PositionRange,
} from '../../../ingestion/results/result.repository.js';
import { IdChunks } from '../queue/id-chunks.js';
import { decompressText, type StoredText } from '../database/compressed-text.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

type StoredChunk = Omit<ResultChunk, 'data'> & { readonly data: StoredText };

/** Reads the results of ids from the embedded store. */
export class SqliteResultRepository implements ResultRepository {
  private readonly idChunks: IdChunks;
  private readonly selectChunks: PreparedStatement<StoredChunk>;
  private readonly selectFailures: PreparedStatement<FailedId>;
  private readonly hasIngestion: PreparedStatement;

  constructor(private readonly database: SqliteDatabase) {
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

  async readIds(ingestionId: string, stretches: readonly PositionRange[]): Promise<Uint8Array | null> {
    const id = parse(ingestionId);
    return this.database.read(() =>
      stretches.every(({ seq }) => this.hasIngestion.get(seq, id) !== undefined)
        ? Buffer.concat(stretches.map(({ seq, from, to }) => this.idChunks.read(seq, from, to - from)))
        : null,
    );
  }
}
