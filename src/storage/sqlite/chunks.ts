import type { StatementSync } from 'node:sqlite';
import { BYTES_PER_ID, countIds } from '../../ingestion/id-list.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** 500 ids are 4,000 bytes: with its header a chunk fills one page of 4,096 bytes and no overflow page. */
const IDS_PER_CHUNK = 500;

/** The packed ids of ingestions, cut into rows of {@link IDS_PER_CHUNK}. Callers hold the transaction. */
export class Chunks {
  private readonly insertChunk: StatementSync;
  private readonly selectSlice: StatementSync;

  constructor(database: SqliteDatabase) {
    this.insertChunk = database.prepare(
      'INSERT INTO chunk (chunk_key, packed_ids) VALUES ((? << 20) | ?, ?)',
    );
    this.selectSlice = database.prepare(
      'SELECT substr(packed_ids, :from, :length) AS packed_ids FROM chunk WHERE chunk_key = (:seq << 20) | :number',
    );
  }

  insert(seq: number, packedIds: Uint8Array): void {
    const total = countIds(packedIds);
    for (let number = 0; number * IDS_PER_CHUNK < total; number++) {
      const from = number * IDS_PER_CHUNK * BYTES_PER_ID;
      this.insertChunk.run(seq, number, packedIds.subarray(from, from + IDS_PER_CHUNK * BYTES_PER_ID));
    }
  }

  /** The packed ids from position `first` on, `size` of them. Reads only the chunks they stand in. */
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

  private readSlice(seq: number, number: number, start: number, count: number): Uint8Array {
    const row = this.selectSlice.get({
      seq,
      number,
      from: start * BYTES_PER_ID + 1,
      length: count * BYTES_PER_ID,
    });
    const slice = row?.['packed_ids'];
    if (!(slice instanceof Uint8Array) || slice.byteLength !== count * BYTES_PER_ID) {
      throw new Error(`chunk ${String(number)} of ingestion ${String(seq)} is missing or short`);
    }
    return slice;
  }
}
