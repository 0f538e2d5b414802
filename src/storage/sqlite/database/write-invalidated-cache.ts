/** Maximum number of entries: enough for the ingestions watched at the same time, not for all. */
const MAX_ENTRIES = 2000;

/** Caches reads until the next write. The file has one writer, so a read between two writes cannot change. */
export class WriteInvalidatedCache<K, V> {
  private readonly entries = new Map<K, V>();
  private writes = -1;

  constructor(private readonly database: { readonly writes: number }) {}

  /** Returns undefined if the value must be read. */
  find(key: K): V | undefined {
    return this.writes === this.database.writes ? this.entries.get(key) : undefined;
  }

  /** Returns the cached value or reads it. If `read` throws, the error passes through and nothing is cached. */
  get(key: K, read: () => V): V {
    if (this.writes !== this.database.writes || this.entries.size >= MAX_ENTRIES) {
      this.entries.clear();
      this.writes = this.database.writes;
    }
    const known = this.entries.get(key);
    if (known !== undefined) {
      return known;
    }
    const found = read();
    this.entries.set(key, found);
    return found;
  }
}
