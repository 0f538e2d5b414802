/** So many are kept at the most: of the ingestions that are followed at a time, not of all. */
const MOST_KEPT = 2000;

/** What was read, until the next write: before it, the same read finds the same. */
export class UntilWritten<K, V> {
  private readonly kept = new Map<K, V>();
  private writes = -1;

  constructor(private readonly database: { readonly writes: number }) {}

  /** Undefined where it has to be read. */
  find(key: K): V | undefined {
    return this.writes === this.database.writes ? this.kept.get(key) : undefined;
  }

  /** @throws whatever `read` throws; nothing is kept then. */
  get(key: K, read: () => V): V {
    if (this.writes !== this.database.writes || this.kept.size >= MOST_KEPT) {
      this.kept.clear();
      this.writes = this.database.writes;
    }
    const known = this.kept.get(key);
    if (known !== undefined) {
      return known;
    }
    const found = read();
    this.kept.set(key, found);
    return found;
  }
}
