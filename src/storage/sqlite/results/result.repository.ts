import type { StatementSync } from 'node:sqlite';
import { parse } from 'uuid';
import { firstChunkContaining, type ResultChunk } from '../../../domain/result-chunk.js';
import type {
  FailedId,
  ResultRepository,
  PositionRange,
} from '../../../ingestion/results/result.repository.js';
import { Chunks } from '../queue/id-chunks.js';
import { unpackText, type KeptText } from '../database/compressed-text.js';
import type { SqliteDatabase } from '../database/database.js';

type KeptRun = Omit<ResultChunk, 'data'> & { readonly data: KeptText };

/** What came of each id, in the embedded store. */
export class SqliteResultStore implements ResultRepository {
  private readonly chunks: Chunks;
  private readonly selectRuns: StatementSync;
  private readonly selectFailures: StatementSync;
  private readonly hasIngestion: StatementSync;

  constructor(private readonly database: SqliteDatabase) {
    this.chunks = new Chunks(database);
    this.selectRuns = database.prepare(`
      SELECT first, size, bytes, data FROM result
      WHERE seq = :seq AND first >= :earliest AND first < :to ORDER BY first
    `);
    this.selectFailures = database.prepare(`
      SELECT position, kind, message FROM dead_letter
      WHERE seq = :seq AND position >= :from AND position < :to ORDER BY position LIMIT :limit
    `);
    this.hasIngestion = database.prepare('SELECT 1 FROM ingestion WHERE seq = ? AND ingestion_id = ?');
  }

  async chunks({ seq, from, to }: PositionRange, limit: number, maxBytes: number): Promise<ResultChunk[]> {
    return this.database.read(() => {
      const runs: ResultChunk[] = [];
      let bytes = 0;
      for (const row of this.selectRuns.iterate({ seq, earliest: firstChunkContaining(from), to })) {
        const run = row as unknown as KeptRun;
        if (run.first + run.size <= from) {
          continue;
        }
        runs.push({ ...run, data: unpackText(run.data) });
        bytes += run.bytes;
        if (runs.length === limit || bytes >= maxBytes) {
          break;
        }
      }
      return runs;
    });
  }

  async failures({ seq, from, to }: PositionRange, limit: number): Promise<FailedId[]> {
    return this.database.read(
      () => this.selectFailures.all({ seq, from, to, limit }) as unknown as FailedId[],
    );
  }

  async readIds(ingestionId: string, stretches: readonly PositionRange[]): Promise<Uint8Array | null> {
    const id = parse(ingestionId);
    return this.database.read(() =>
      stretches.every(({ seq }) => this.hasIngestion.get(seq, id) !== undefined)
        ? Buffer.concat(stretches.map(({ seq, from, to }) => this.chunks.read(seq, from, to - from)))
        : null,
    );
  }
}
