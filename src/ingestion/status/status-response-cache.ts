const MOST_CHARACTERS = 16 * 1024 * 1024;

/** An ingestion as it was last written out. */
export class StatusText {
  private tag = '';
  private whole = '';

  constructor(
    readonly state: string,
    /** Its batches, with commas between. */
    readonly batches: string,
  ) {}

  /** The whole answer with this entity tag, which stands for its every byte; written where it is another than before. */
  wholeOf(tag: string, write: (batches: string) => string): string {
    if (this.tag !== tag) {
      this.whole = write(this.batches);
      this.tag = tag;
    }
    return this.whole;
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
export class StatusTexts {
  private readonly kept = new Map<string, StatusText>();
  private characters = 0;

  constructor(private readonly mostCharacters = MOST_CHARACTERS) {}

  find(ingestionId: string, state: string): StatusText | null {
    const text = this.kept.get(ingestionId);
    return text?.state === state ? text : null;
  }

  keep(ingestionId: string, text: StatusText): void {
    this.drop(ingestionId);
    this.kept.set(ingestionId, text);
    this.characters += text.characters;
    for (const oldest of this.kept.keys()) {
      if (this.characters <= this.mostCharacters) {
        break;
      }
      this.drop(oldest);
    }
  }

  private drop(ingestionId: string): void {
    this.characters -= this.kept.get(ingestionId)?.characters ?? 0;
    this.kept.delete(ingestionId);
  }
}
