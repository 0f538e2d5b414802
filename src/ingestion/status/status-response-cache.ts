const MAX_CHARACTERS = 16 * 1024 * 1024;

/** An ingestion as it was last written out. */
export class CachedStatus {
  private tag = '';
  private rendered = '';

  constructor(
    readonly state: string,
    /** Its batches, with commas between. */
    readonly batches: string,
  ) {}

  /** The whole answer with this entity tag, which stands for its every byte; written where it is another than before. */
  render(tag: string, write: (batches: string) => string): string {
    if (this.tag !== tag) {
      this.rendered = write(this.batches);
      this.tag = tag;
    }
    return this.rendered;
  }

  /** About as many as it may come to hold. */
  get characters(): number {
    return 2 * this.batches.length + 1000;
  }
}

/**
 * The texts of ingestions, each while its ingestion stands as it did: who follows a list asks for the same again and
 * again. The oldest give way.
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
