const BACKSLASH = 0x5c;
const SPACE = 0x20;
const SCALAR = /[^,\]}\s]+/y;

/** Scans a text that `JSON.parse` has accepted: finds the start and end of values without creating objects. */
export class JsonScanner {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The first character of the next value, which tells its type. */
  get next(): string {
    this.skipBlanks();
    return this.text.charAt(this.at);
  }

  /** Reads a value. Returns its source text without the blanks between tokens. */
  value(): string {
    switch (this.next) {
      case '"':
        return this.string();
      case '{':
      case '[':
        return this.nested();
      default:
        SCALAR.lastIndex = this.at;
        SCALAR.test(this.text);
        return this.consume(SCALAR.lastIndex);
    }
  }

  /** Reads an object: yields each key; the caller must then read its value. A key may occur more than once. */
  *members(): Generator<string, void> {
    this.enter();
    while (this.next !== '}') {
      const key = this.string();
      this.skipBlanks();
      this.at += 1; // the colon
      yield key.includes('\\') ? (JSON.parse(key) as string) : key.slice(1, -1);
      this.skipComma();
    }
    this.at += 1;
  }

  /** Reads an array: yields itself once per element; the caller must then read the element. */
  *elements(): Generator<this, void> {
    this.enter();
    while (this.next !== ']') {
      yield this;
      this.skipComma();
    }
    this.at += 1;
  }

  private enter(): void {
    this.skipBlanks();
    this.at += 1;
  }

  private skipComma(): void {
    if (this.next === ',') {
      this.at += 1;
    }
  }

  private skipBlanks(): void {
    while (this.text.charCodeAt(this.at) <= SPACE) {
      this.at += 1;
    }
  }

  private string(): string {
    return this.consume(this.endOfString(this.at));
  }

  private nested(): string {
    const pieces: string[] = [];
    let depth = 0;
    let end = this.at;
    do {
      switch (this.text.charAt(end)) {
        case '"':
          end = this.endOfString(end);
          continue;
        case '{':
        case '[':
          depth += 1;
          break;
        case '}':
        case ']':
          depth -= 1;
          break;
        case ' ':
        case '\t':
        case '\n':
        case '\r':
          pieces.push(this.consume(end));
          this.skipBlanks();
          end = this.at;
          continue;
      }
      end += 1;
    } while (depth > 0);
    const last = this.consume(end);
    return pieces.length === 0 ? last : pieces.join('') + last;
  }

  /** Returns the position after the closing quote of the string that starts at `open`. */
  private endOfString(open: number): number {
    let close = this.text.indexOf('"', open + 1);
    while (this.isEscaped(close)) {
      close = this.text.indexOf('"', close + 1);
    }
    return close + 1;
  }

  private isEscaped(quote: number): boolean {
    let first = quote;
    while (this.text.charCodeAt(first - 1) === BACKSLASH) {
      first -= 1;
    }
    return (quote - first) % 2 === 1;
  }

  private consume(end: number): string {
    const taken = this.text.slice(this.at, end);
    this.at = end;
    return taken;
  }
}
