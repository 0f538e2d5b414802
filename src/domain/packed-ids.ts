/** The largest id of the contract. It fits an unsigned 64-bit integer, but neither a double nor a signed one. */
export const MAX_ID = 10_000_000_000_000_000_007n;

/** The contract's rule for one id, as error messages state it. */
export const ID_RULE = `must be an integer from 1 to ${String(MAX_ID)}`;

/** An id: a number if a double holds it exactly, otherwise a bigint. */
export type Id = number | bigint;

export const BYTES_PER_ID = 8;

const TWO_POW_32 = 0x1_0000_0000;
/** Ids with a high word below this are below 2^53, so a double holds them exactly. */
const SAFE_HIGH_WORD = 0x20_0000;

/** Packs ids as unsigned 64-bit big-endian integers, 8 bytes each. Ids must be within the contract's range. */
export function packIds(ids: readonly Id[]): Uint8Array {
  const packed = new Uint8Array(ids.length * BYTES_PER_ID);
  const view = new DataView(packed.buffer);
  let offset = 0;
  for (const id of ids) {
    if (typeof id === 'number') {
      view.setUint32(offset, Math.floor(id / TWO_POW_32));
      view.setUint32(offset + 4, id >>> 0);
    } else {
      view.setBigUint64(offset, id);
    }
    offset += BYTES_PER_ID;
  }
  return packed;
}

/** Reverses {@link packIds}: returns numbers where they are exact, bigints otherwise. */
export function unpackIds(packed: Uint8Array): Id[] {
  const view = viewOf(packed);
  const ids = new Array<Id>(packed.byteLength / BYTES_PER_ID);
  for (let i = 0; i < ids.length; i++) {
    const offset = i * BYTES_PER_ID;
    const high = view.getUint32(offset);
    ids[i] =
      high < SAFE_HIGH_WORD ? high * TWO_POW_32 + view.getUint32(offset + 4) : view.getBigUint64(offset);
  }
  return ids;
}

/** Unpacks ids as bigints, the form in which an external API receives them. */
export function unpackBigIntIds(packed: Uint8Array): bigint[] {
  const view = viewOf(packed);
  return Array.from({ length: packed.byteLength / BYTES_PER_ID }, (_, i) =>
    view.getBigUint64(i * BYTES_PER_ID),
  );
}

export function countIds(packed: Uint8Array): number {
  return packed.byteLength / BYTES_PER_ID;
}

/** Returns the indexes at which one packed id stands among packed ids. */
export function indexesOf(packedId: Uint8Array, packed: Uint8Array): number[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const indexes: number[] = [];
  for (let at = bytes.indexOf(packedId); at !== -1; at = bytes.indexOf(packedId, at + 1)) {
    if (at % BYTES_PER_ID === 0) {
      indexes.push(at / BYTES_PER_ID); // elsewhere the end of one id and the beginning of the next look like it
    }
  }
  return indexes;
}

function viewOf(packed: Uint8Array): DataView {
  return new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
}
