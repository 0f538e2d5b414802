import { ProblemDetailsError } from './problem-details.js';

/** The maximum depth of arrays and objects in a JSON body. A valid body needs two levels. */
export const MAX_JSON_DEPTH = 32;
/**
 * The maximum number of arrays, objects and strings (names of members included) in a JSON body. A valid body has ten;
 * the limit leaves room for a list whose ids are strings, so that its error can name the ids.
 */
export const MAX_JSON_PARTS = 10_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENS = 1;
const CLOSES = 2;
const QUOTES = 3;

/** The meaning of each byte outside of strings; 0 for all that need no action. */
const MEANINGS = new Uint8Array(256);
MEANINGS[0x5b] = OPENS; // [
MEANINGS[0x7b] = OPENS; // {
MEANINGS[0x5d] = CLOSES; // ]
MEANINGS[0x7d] = CLOSES; // }
MEANINGS[QUOTE] = QUOTES;
/** The bytes that have a meaning. */
const MARKS = [...MEANINGS.keys()].filter((byte) => MEANINGS[byte] !== 0);
/** A block of this size is searched for marks before its bytes are read one by one: most of a long list has none. */
const BLOCK_BYTES = 4096;

/**
 * Checks the depth and the number of parts of a JSON text while it arrives. `JSON.parse` needs up to half
 * a second and 100 MB for 4 MB of brackets; this check rejects them after the first few bytes. It does not validate:
 * a text that is not JSON may pass.
 */
export class JsonShape {
  private depth = 0;
  private parts = 0;
  private isInString = false;
  private isEscaped = false;

  /** @throws ProblemDetailsError 422 as soon as the text exceeds a limit. */
  check(chunk: Uint8Array): void {
    for (let start = 0; start < chunk.length; start += BLOCK_BYTES) {
      const block = chunk.subarray(start, start + BLOCK_BYTES);
      if (this.isInString || MARKS.some((mark) => block.includes(mark))) {
        this.checkBlock(block);
      }
    }
  }

  private checkBlock(block: Uint8Array): void {
    let at = 0;
    while (at < block.length) {
      at = this.isInString ? this.skipString(block, at) : this.skipToString(block, at);
    }
  }

  /** Returns the index after the end of the string, or the end of the chunk. */
  private skipString(chunk: Uint8Array, start: number): number {
    let at = start;
    if (this.isEscaped) {
      this.isEscaped = false;
      at += 1;
    }
    for (; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === QUOTE) {
        this.isInString = false;
        return at + 1;
      }
      if (byte === BACKSLASH) {
        at += 1;
        this.isEscaped = at === chunk.length;
      }
    }
    return chunk.length;
  }

  /** Returns the index after the next opening quote, or the end of the chunk. */
  private skipToString(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; at++) {
      const meaning = MEANINGS[chunk[at] ?? 0];
      if (meaning === CLOSES) {
        this.depth -= 1;
      } else if (meaning !== 0) {
        this.addPart();
        if (meaning === QUOTES) {
          this.isInString = true;
          return at + 1;
        }
        this.enter();
      }
    }
    return chunk.length;
  }

  private enter(): void {
    this.depth += 1;
    if (this.depth > MAX_JSON_DEPTH) {
      throw new ProblemDetailsError(
        422,
        `the body is nested more than ${String(MAX_JSON_DEPTH)} levels deep`,
      );
    }
  }

  private addPart(): void {
    this.parts += 1;
    if (this.parts > MAX_JSON_PARTS) {
      throw new ProblemDetailsError(
        422,
        `the body holds more than ${String(MAX_JSON_PARTS)} arrays, objects and strings; ids are integers`,
      );
    }
  }
}
