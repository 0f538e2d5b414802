const MIN_CAPACITY = 1024;
/** Maximum share of used slots; beyond it searches become long. */
const MAX_LOAD_FACTOR = 0.6;

/**
 * Finds the rows that may hold a digest: a hash table in memory, 13 to 27 bytes per digest. The caller must read the
 * row: the table may return a row of another digest, but it misses none.
 */
export class DigestHashTable {
  private latestExpiry = -Infinity;
  private firstRow = 0;
  private used = 0;
  /** The first 32 bits of the digest in each slot; their lowest bits give the start of a search. */
  private hashes = new Uint32Array(MIN_CAPACITY);
  /** The row minus `firstRow` plus one; 0 if the slot is free. */
  private rows = new Uint32Array(MIN_CAPACITY);

  get isEmpty(): boolean {
    return this.used === 0;
  }

  /** Returns true if every entry has expired. */
  isExpired(nowMs: number): boolean {
    return this.latestExpiry <= nowMs;
  }

  /** Adds a digest. Rows must increase from one `add` to the next. */
  add(digest: Uint8Array, row: number, expiresMs: number): void {
    if (this.isEmpty) {
      this.firstRow = row;
    } else if (this.used >= this.rows.length * MAX_LOAD_FACTOR) {
      this.grow();
    }
    this.put(toHash(digest), row - this.firstRow + 1);
    this.used += 1;
    this.latestExpiry = Math.max(this.latestExpiry, expiresMs);
  }

  *findRows(digest: Uint8Array): Generator<number, undefined> {
    const hash = toHash(digest);
    const mask = this.rows.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const row = this.rows[place] ?? 0;
      if (row === 0) {
        return undefined;
      }
      if (this.hashes[place] === hash) {
        yield row - 1 + this.firstRow;
      }
    }
  }

  private put(hash: number, row: number): void {
    const mask = this.rows.length - 1;
    let place = hash & mask;
    while (this.rows[place] !== 0) {
      place = (place + 1) & mask;
    }
    this.hashes[place] = hash;
    this.rows[place] = row;
  }

  private grow(): void {
    const { hashes, rows } = this;
    this.hashes = new Uint32Array(rows.length * 2);
    this.rows = new Uint32Array(rows.length * 2);
    for (const [place, row] of rows.entries()) {
      if (row !== 0) {
        this.put(hashes[place] ?? 0, row);
      }
    }
  }
}

/** Returns the first four bytes as the hash: a digest's bytes are random already. */
function toHash([a = 0, b = 0, c = 0, d = 0]: Uint8Array): number {
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/**
 * Combines two {@link DigestHashTable}s so that expired entries are dropped: the older table is dropped as a whole once
 * all its entries have expired.
 */
export class ExpiringDigestHashTable {
  private older = new DigestHashTable();
  private newer = new DigestHashTable();

  add(digest: Uint8Array, row: number, expiresMs: number, nowMs: number): void {
    if (this.older.isExpired(nowMs) && !this.newer.isEmpty) {
      this.older = this.newer;
      this.newer = new DigestHashTable();
    }
    this.newer.add(digest, row, expiresMs);
  }

  /** Yields the newest rows first. */
  *findRows(digest: Uint8Array): Generator<number, undefined> {
    yield* this.newer.findRows(digest);
    yield* this.older.findRows(digest);
    return undefined;
  }
}
