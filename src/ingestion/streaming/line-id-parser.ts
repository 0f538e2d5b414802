import type { Id } from '../../domain/packed-ids.js';
import { IdBlockPacker } from './id-block-packer.js';
import { invalidLineError } from './parse-id.js';
import type { IdStreamParser } from './id-stream-parser.js';
import { InvalidLineError, InvalidListError } from './stream-errors.js';

/** Maximum number of bytes in a line, without its end. */
export const MAX_LINE_LENGTH = 1000;
/** Limits blank lines: a small compressed body can expand to any number of them. */
export const MAX_BLANK_LINES = 1_000_000;

const LF = 0x0a;
const CR = 0x0d;
const ZERO = 0x30;
const NINE = 9;
const SAFE_DIGITS = 15;
const BYTE_ORDER_MARK = '\ufeff';

/** Parses a line that is not plainly a short integer; returns undefined if it holds no id. */
export interface LineFormat {
  readonly rule: string;
  parseId(line: string): Id | undefined;
}

/** Parses one id per line. Lines end with LF or CR LF; blank lines and blanks around an id are ignored. */
export class LineIdParser implements IdStreamParser {
  private readonly blocks = new IdBlockPacker();
  /** The start of a line whose end has not arrived yet. */
  private readonly partialLine = new Uint8Array(MAX_LINE_LENGTH + 1);
  private partialLength = 0;
  private lineNo = 1;
  private blankLines = 0;

  constructor(private readonly format: LineFormat) {}

  *parse(piece: Uint8Array): Generator<Uint8Array, void> {
    let at = this.partialLength === 0 ? 0 : this.endPartialLine(piece);
    while (at < piece.length) {
      const end = this.parseShortId(piece, at);
      at = end === at ? this.parseLine(piece, at) : end;
      if (this.blocks.hasFull) {
        yield* this.blocks.drainFull();
      }
    }
  }

  *end(): Generator<Uint8Array, void> {
    this.takeLine(this.partialLine.subarray(0, this.partialLength));
    yield* this.blocks.flush();
  }

  /**
   * Parses an ordinary line in one pass over its bytes. Returns the start of the next line, or `start` if the line is
   * not ordinary.
   */
  private parseShortId(piece: Uint8Array, start: number): number {
    let at = start;
    let id = 0;
    let digit = (piece[at] ?? 0) - ZERO;
    while (digit >= 0 && digit <= NINE) {
      id = id * 10 + digit;
      at += 1;
      digit = (piece[at] ?? 0) - ZERO;
    }
    const isShortId = at > start && at - start <= SAFE_DIGITS && piece[start] !== ZERO;
    const end = piece[at] === CR ? at + 1 : at;
    if (!isShortId || piece[end] !== LF) {
      return start;
    }
    this.blocks.addSafe(id);
    this.lineNo += 1;
    return end + 1;
  }

  /** Returns the start of the next line, or the end of the piece if this line continues after it. */
  private parseLine(piece: Uint8Array, start: number): number {
    const end = piece.indexOf(LF, start);
    if (end === -1) {
      this.appendPartial(piece.subarray(start));
      return piece.length;
    }
    this.takeLine(piece.subarray(start, end));
    return end + 1;
  }

  private endPartialLine(piece: Uint8Array): number {
    const end = piece.indexOf(LF);
    this.appendPartial(end === -1 ? piece : piece.subarray(0, end));
    if (end === -1) {
      return piece.length;
    }
    const line = this.partialLine.subarray(0, this.partialLength);
    this.partialLength = 0;
    this.takeLine(line);
    return end + 1;
  }

  private appendPartial(bytes: Uint8Array): void {
    this.assertLineLength(this.partialLength + bytes.length);
    this.partialLine.set(bytes, this.partialLength);
    this.partialLength += bytes.length;
  }

  private takeLine(bytes: Uint8Array): void {
    this.assertLineLength(bytes.length);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    const line = (this.lineNo === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text).trim();
    if (line === '') {
      this.passBlankLine();
    } else {
      const id = this.format.parseId(line);
      if (id === undefined) {
        throw invalidLineError(this.lineNo, line, this.format.rule);
      }
      this.blocks.add(id);
    }
    this.lineNo += 1;
  }

  private passBlankLine(): void {
    this.blankLines += 1;
    if (this.blankLines > MAX_BLANK_LINES) {
      throw new InvalidListError(`the list holds more than ${String(MAX_BLANK_LINES)} blank lines`);
    }
  }

  private assertLineLength(bytes: number): void {
    if (bytes > MAX_LINE_LENGTH) {
      throw new InvalidLineError(
        `line ${String(this.lineNo)}`,
        `is longer than ${String(MAX_LINE_LENGTH)} bytes`,
      );
    }
  }
}
