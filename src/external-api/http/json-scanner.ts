const BACKSLASH = 0x5c;
const SPACE = 0x20;
const SCALAR = /[^,\]}\s]+/y;

/** Walks a text that `JSON.parse` has taken: finds where its values begin and end, and makes nothing of them. */
export class JsonScanner {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The first character of the value that comes next: it tells what kind it is. */
  get next(): string {
    this.skipBlanks();
    return this.text.charAt(this.at);
  }

  /** Reads a value: as it was written, but for the blanks between its tokens. */
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

  /** Reads an object: yields each key, whose value is to be read then. A key may come more than once. */
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

  /** Reads an array: yields itself for each of its values, which is to be read then. */
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

  /** Behind the quote that ends the string which begins at `open`. */
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
