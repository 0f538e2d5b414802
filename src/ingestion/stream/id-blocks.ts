import { BYTES_PER_ID, packIds, type Id } from '../id-list.js';
import { STAGED_BY } from './staging.store.js';

/** About a millisecond of work for the store: others have their turn between two blocks. */
export const IDS_PER_BLOCK = 5 * STAGED_BY;

const TWO_POW_32 = 0x1_0000_0000;

/** The ids of a list in blocks. */
export async function* blocksOf(ids: readonly Id[]): AsyncGenerator<Uint8Array, void> {
  for (let first = 0; first < ids.length; first += IDS_PER_BLOCK) {
    yield packIds(ids.slice(first, first + IDS_PER_BLOCK));
  }
}

/** Packs ids one by one (see `packIds`) into blocks that a store can stage. */
export class IdBlocks {
  private readonly full: Uint8Array[] = [];
  private readonly block = new Uint8Array(IDS_PER_BLOCK * BYTES_PER_ID);
  private readonly view = new DataView(this.block.buffer);
  private used = 0;

  get hasFull(): boolean {
    return this.full.length > 0;
  }

  /** An integer that a double holds exactly. */
  addSafe(id: number): void {
    this.view.setUint32(this.used, Math.floor(id / TWO_POW_32));
    this.view.setUint32(this.used + 4, id >>> 0);
    this.advance();
  }

  add(id: Id): void {
    this.block.set(packIds([id]), this.used);
    this.advance();
  }

  /** The blocks that are full. */
  *takeFull(): Generator<Uint8Array, void> {
    yield* this.full.splice(0);
  }

  /** All that is left. */
  *takeRest(): Generator<Uint8Array, void> {
    yield* this.takeFull();
    if (this.used > 0) {
      yield this.block.slice(0, this.used);
      this.used = 0;
    }
  }

  private advance(): void {
    this.used += BYTES_PER_ID;
    if (this.used === this.block.byteLength) {
      this.full.push(this.block.slice());
      this.used = 0;
    }
  }
}
