import { BYTES_PER_ID, countIds, indexesOf } from '../../../domain/packed-ids.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/** 500 ids are 4,000 bytes: with its header a chunk fills one page of 4,096 bytes and no overflow page. */
export const IDS_PER_CHUNK = 500;

/** The owner of an ingestion's chunks: its seq, or the number under which they were staged. */
const OWNER = '(SELECT coalesce(chunks_of, seq) FROM ingestion WHERE seq = :seq)';

/** Stores the packed ids of ingestions in rows of {@link IDS_PER_CHUNK} ids. Callers hold the transaction. */
export class IdChunks {
  private readonly insertChunk: PreparedStatement;
  private readonly selectSlice: PreparedStatement<{ packed_ids: Uint8Array }>;
  private readonly selectWithId: PreparedStatement<{ number: number; packed_ids: Uint8Array }>;

  constructor(database: SqliteDatabase) {
    this.insertChunk = database.prepare(
      'INSERT INTO chunk (chunk_key, packed_ids) VALUES ((? << 20) | ?, ?)',
    );
    this.selectSlice = database.prepare(
      `SELECT substr(packed_ids, :from, :length) AS packed_ids FROM chunk
       WHERE chunk_key = (${OWNER} << 20) | :number`,
    );
    this.selectWithId = database.prepare(`
      SELECT chunk_key & 1048575 AS number, packed_ids FROM chunk
      WHERE chunk_key BETWEEN (${OWNER} << 20) | :first AND (${OWNER} << 20) | :last
        AND instr(packed_ids, :packedId) > 0
      ORDER BY chunk_key
    `);
  }

  /** Inserts the ids under the number `owner`, starting with the chunk `firstNumber`. */
  insert(owner: number, packedIds: Uint8Array, firstNumber = 0): void {
    const total = countIds(packedIds);
    for (let number = 0; number * IDS_PER_CHUNK < total; number++) {
      const from = number * IDS_PER_CHUNK * BYTES_PER_ID;
      this.insertChunk.run(
        owner,
        firstNumber + number,
        packedIds.subarray(from, from + IDS_PER_CHUNK * BYTES_PER_ID),
      );
    }
  }

  /** Returns `size` packed ids from position `first` on. Reads only the chunks that hold them. */
  read(seq: number, first: number, size: number): Uint8Array {
    const slices: Uint8Array[] = [];
    let position = first;
    while (position < first + size) {
      const start = position % IDS_PER_CHUNK;
      const count = Math.min(IDS_PER_CHUNK - start, first + size - position);
      slices.push(this.readSlice(seq, Math.floor(position / IDS_PER_CHUNK), start, count));
      position += count;
    }
    const [only] = slices;
    return only !== undefined && slices.length === 1 ? only : Buffer.concat(slices);
  }

  /** Yields the positions of a packed id in a range, in order. */
  *find(seq: number, packedId: Uint8Array, from: number, to: number): Generator<number, void> {
    const first = Math.floor(from / IDS_PER_CHUNK);
    const last = Math.floor((to - 1) / IDS_PER_CHUNK);
    for (const { number, packed_ids: ids } of this.selectWithId.iterate({ seq, first, last, packedId })) {
      for (const index of indexesOf(packedId, ids)) {
        const position = number * IDS_PER_CHUNK + index;
        if (position >= from && position < to) {
          yield position;
        }
      }
    }
  }

  private readSlice(seq: number, number: number, start: number, count: number): Uint8Array {
    const row = this.selectSlice.get({
      seq,
      number,
      from: start * BYTES_PER_ID + 1,
      length: count * BYTES_PER_ID,
    });
    const slice = row?.packed_ids;
    if (slice?.byteLength !== count * BYTES_PER_ID) {
      throw new Error(`chunk ${String(number)} of ingestion ${String(seq)} is missing or short`);
    }
    return slice;
  }
}
