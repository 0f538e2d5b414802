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
 * oldest entries are evicted.
 */
export class StatusResponseCache {
  private readonly entries = new Map<string, CachedStatus>();
  private characters = 0;

  constructor(private readonly maxCharacters = MAX_CHARACTERS) {}

  find(ingestionId: string, state: string): CachedStatus | null {
    const text = this.entries.get(ingestionId);
    return text?.state === state ? text : null;
  }

  store(ingestionId: string, text: CachedStatus): void {
    this.drop(ingestionId);
    this.entries.set(ingestionId, text);
    this.characters += text.characters;
    for (const oldest of this.entries.keys()) {
      if (this.characters <= this.maxCharacters) {
        break;
      }
      this.drop(oldest);
    }
  }

  private drop(ingestionId: string): void {
    this.characters -= this.entries.get(ingestionId)?.characters ?? 0;
    this.entries.delete(ingestionId);
  }
}
