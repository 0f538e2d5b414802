import { LRUCache } from 'lru-cache';

const MAX_CHARACTERS = 16 * 1024 * 1024;

/** Caches the rendered status of one ingestion. */
export class CachedStatus {
  private tag = '';
  private rendered = '';

  constructor(
    readonly state: string,
    /** The rendered batches, separated by commas. */
    readonly batches: string,
  ) {}

  /**
   * Returns the whole response for this entity tag, which identifies every byte of it. Renders it again only if the tag
   * changed.
   */
  render(tag: string, write: (batches: string) => string): string {
    if (this.tag !== tag) {
      this.rendered = write(this.batches);
      this.tag = tag;
    }
    return this.rendered;
  }

  /** Estimated maximum size of the entry. */
  get characters(): number {
    return 2 * this.batches.length + 1000;
  }
}

/**
 * Caches the rendered status of ingestions while they do not change: clients poll the same status repeatedly. The
 * entries that were used least recently are evicted.
 */
export class StatusResponseCache {
  private readonly entries: LRUCache<string, CachedStatus>;

  constructor(maxCharacters = MAX_CHARACTERS) {
    this.entries = new LRUCache({
      maxSize: maxCharacters,
      sizeCalculation: ({ characters }) => characters,
    });
  }

  find(ingestionId: string, state: string): CachedStatus | null {
    const text = this.entries.get(ingestionId);
    return text?.state === state ? text : null;
  }

  store(ingestionId: string, text: CachedStatus): void {
    this.entries.set(ingestionId, text);
  }
}
