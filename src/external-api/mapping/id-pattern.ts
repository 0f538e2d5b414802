/** A worker thread runs this file without compilation: only erasable syntax is allowed. */
import { MappingError } from './mapping-error.ts';

/** A number without leading zeros, of at most 20 digits. */
const ID = /^(?:0|[1-9]\d{0,19})$/;
const PLACEHOLDER = /\{\{\s*id\s*\}\}/;

/** Reads ids that are numbers, or texts such as `gid://shop/Product/{{id}}`. */
export class IdPattern {
  private readonly before: string;
  private readonly after: string;

  /**
   * `path` names the setting that holds the pattern.
   * @throws MappingError if the pattern does not hold `{{id}}` exactly once.
   */
  constructor(source: string, path: readonly string[]) {
    const [before, after, ...more] = source.split(PLACEHOLDER);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new MappingError(path, 'must hold {{id}} once');
    }
    this.before = before;
    this.after = after;
  }

  /** Reads an id from JSON: a number, or a text. Returns undefined if there is none. */
  readJson(json: string): bigint | undefined {
    return json.startsWith('"') ? this.readText(JSON.parse(json) as string) : toId(json);
  }

  /** Reads an id from a text. A text that is the number alone counts too. */
  readText(text: string): bigint | undefined {
    const { before, after } = this;
    const isAround =
      text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
    return isAround ? toId(text.slice(before.length, text.length - after.length)) : toId(text);
  }
}

function toId(digits: string): bigint | undefined {
  return ID.test(digits) ? BigInt(digits) : undefined;
}
