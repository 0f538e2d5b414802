import { BYTES_PER_ID, packIds, type Id } from '../../domain/packed-ids.js';
import { STAGING_CHUNK_IDS } from './staging.repository.js';

/** Ids per block: a few milliseconds of work for the store. Other requests run between two blocks. */
export const IDS_PER_BLOCK = 10 * STAGING_CHUNK_IDS;

const TWO_POW_32 = 0x1_0000_0000;

/** Splits the ids of an ingestion into packed blocks. */
export async function* splitIntoBlocks(ids: readonly Id[]): AsyncGenerator<Uint8Array, void> {
  for (let first = 0; first < ids.length; first += IDS_PER_BLOCK) {
    yield packIds(ids.slice(first, first + IDS_PER_BLOCK));
  }
}

/**
 * Packs ids one by one (see `packIds`) into blocks that a store can stage. A block is valid only until the next one is
 * requested: its buffer is reused, so that an ingestion of any length creates no garbage.
 */
export class IdBlockPacker {
  private readonly full: DataView[] = [];
  private readonly free: DataView[] = [];
  private block = newBlock();
  private used = 0;

  get hasFull(): boolean {
    return this.full.length > 0;
  }

  /** Adds an integer that a double holds exactly. */
  addSafe(id: number): void {
    this.block.setUint32(this.used, Math.floor(id / TWO_POW_32));
    this.block.setUint32(this.used + 4, id >>> 0);
    this.advance();
  }

  add(id: Id): void {
    toBytes(this.block).set(packIds([id]), this.used);
    this.advance();
  }

  /** Yields the full blocks. */
  *drainFull(): Generator<Uint8Array, void> {
    for (let block = this.full.shift(); block !== undefined; block = this.full.shift()) {
      yield toBytes(block);
      this.free.push(block);
    }
  }

  /** Yields all remaining ids. */
  *flush(): Generator<Uint8Array, void> {
    yield* this.drainFull();
    if (this.used > 0) {
      yield toBytes(this.block).subarray(0, this.used);
      this.used = 0;
    }
  }

  private advance(): void {
    this.used += BYTES_PER_ID;
    if (this.used === this.block.byteLength) {
      this.full.push(this.block);
      this.block = this.free.pop() ?? newBlock();
      this.used = 0;
    }
  }
}

function newBlock(): DataView {
  return new DataView(new ArrayBuffer(IDS_PER_BLOCK * BYTES_PER_ID));
}

function toBytes(block: DataView): Uint8Array {
  return new Uint8Array(block.buffer);
}
