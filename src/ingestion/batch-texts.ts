const MOST_CHARACTERS = 8 * 1024 * 1024;

interface Kept {
  readonly state: string;
  readonly text: string;
}

/**
 * The batches of ingestions as they were last written out, each while it stands as it did: who follows a list asks for
 * the same again and again. The oldest give way.
 */
export class BatchTexts {
  private readonly kept = new Map<string, Kept>();
  private characters = 0;

  constructor(private readonly mostCharacters = MOST_CHARACTERS) {}

  find(ingestionId: string, state: string): string | null {
    const kept = this.kept.get(ingestionId);
    return kept?.state === state ? kept.text : null;
  }

  keep(ingestionId: string, state: string, text: string): void {
    this.drop(ingestionId);
    this.kept.set(ingestionId, { state, text });
    this.characters += text.length;
    for (const oldest of this.kept.keys()) {
      if (this.characters <= this.mostCharacters) {
        break;
      }
      this.drop(oldest);
    }
  }

  private drop(ingestionId: string): void {
    this.characters -= this.kept.get(ingestionId)?.text.length ?? 0;
    this.kept.delete(ingestionId);
  }
}
