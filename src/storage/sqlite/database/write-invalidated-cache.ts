/** So many are kept at the most: of the ingestions that are followed at a time, not of all. */
const MAX_ENTRIES = 2000;

/** What was read, until the next write: before it, the same read finds the same. */
export class WriteInvalidatedCache<K, V> {
  private readonly entries = new Map<K, V>();
  private writes = -1;

  constructor(private readonly database: { readonly writes: number }) {}

  /** Undefined where it has to be read. */
  find(key: K): V | undefined {
    return this.writes === this.database.writes ? this.entries.get(key) : undefined;
  }

  /** @throws whatever `read` throws; nothing is kept then. */
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
