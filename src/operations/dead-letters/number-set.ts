const BITS_PER_BLOCK = 512;

/** A set of non-negative integers that needs little memory if they are close together: one bit each, in blocks. */
export class NumberSet {
  private readonly blocks = new Map<number, Uint8Array>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(number: number): void {
    const key = Math.floor(number / BITS_PER_BLOCK);
    const block = this.blocks.get(key) ?? new Uint8Array(BITS_PER_BLOCK / 8);
    this.blocks.set(key, block);
    const bit = number - key * BITS_PER_BLOCK;
    const byte = block[bit >> 3] ?? 0;
    const mask = 1 << (bit & 7);
    if ((byte & mask) === 0) {
      block[bit >> 3] = byte | mask;
      this.count += 1;
    }
  }
}
