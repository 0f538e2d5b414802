const MIN_CAPACITY = 1024;
/** Beyond this share of used places, searches grow long. */
const MAX_LOAD_FACTOR = 0.6;

/**
 * Finds the rows that may hold a digest: a hash table in memory, 13 to 27 bytes a digest. It is a hint for whoever reads
 * the row: it may name a row of another digest, but it misses none.
 */
export class DigestHashTable {
  private latestExpiry = -Infinity;
  private firstRow = 0;
  private used = 0;
  /** The first 32 bits of the digest at each place; their lowest ones say where the search starts. */
  private hashes = new Uint32Array(MIN_CAPACITY);
  /** The row less `firstRow`, plus one; 0 where the place is free. */
  private rows = new Uint32Array(MIN_CAPACITY);

  get isEmpty(): boolean {
    return this.used === 0;
  }

  /** Whether nothing in it counts any more. */
  isExpired(nowMs: number): boolean {
    return this.latestExpiry <= nowMs;
  }

  /** Rows rise from one `add` to the next. */
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

/** A digest's bytes are random already: the first four are a hash. */
function toHash([a = 0, b = 0, c = 0, d = 0]: Uint8Array): number {
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** A {@link DigestHashTable} that forgets what has expired, in two halves: the older goes as a whole once all of it is over. */
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

  /** The latest first. */
  *findRows(digest: Uint8Array): Generator<number, undefined> {
    yield* this.newer.findRows(digest);
    yield* this.older.findRows(digest);
    return undefined;
  }
}
