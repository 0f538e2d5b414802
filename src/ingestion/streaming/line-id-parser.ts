import type { Id } from '../../domain/packed-ids.js';
import { IdBlocks } from './id-block-packer.js';
import { badLine } from './parse-id.js';
import type { ListReader } from './id-stream-parser.js';
import { BadLineError, UnusableListError } from './stream-errors.js';

/** Bytes of a line, its end not counted. */
export const LONGEST_LINE = 1000;
/** A small body can unpack to any number of them. */
export const MOST_BLANK_LINES = 1_000_000;

const LF = 0x0a;
const CR = 0x0d;
const ZERO = 0x30;
const NINE = 9;
const SAFE_DIGITS = 15;
const BYTE_ORDER_MARK = '\ufeff';

/** How a line that is not plainly a short integer is read; undefined where it holds no id. */
export interface LineForm {
  readonly rule: string;
  readId(line: string): Id | undefined;
}

/** Reads an id a line. Lines end with LF or CR LF; blank ones, and blanks around an id, are passed over. */
export class LineReader implements ListReader {
  private readonly blocks = new IdBlocks();
  /** The beginning of a line whose end has not come yet. */
  private readonly held = new Uint8Array(LONGEST_LINE + 1);
  private heldLength = 0;
  private lineNo = 1;
  private blankLines = 0;

  constructor(private readonly form: LineForm) {}

  *read(piece: Uint8Array): Generator<Uint8Array, void> {
    let at = this.heldLength === 0 ? 0 : this.endHeldLine(piece);
    while (at < piece.length) {
      const end = this.readShortId(piece, at);
      at = end === at ? this.readAnyLine(piece, at) : end;
      if (this.blocks.hasFull) {
        yield* this.blocks.takeFull();
      }
    }
  }

  *end(): Generator<Uint8Array, void> {
    this.takeLine(this.held.subarray(0, this.heldLength));
    yield* this.blocks.takeRest();
  }

  /** The ordinary line, at the cost of its bytes. Gives where the next one begins; `start` where it is another line. */
  private readShortId(piece: Uint8Array, start: number): number {
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

  /** Gives where the next line begins; behind the piece where this one goes on there. */
  private readAnyLine(piece: Uint8Array, start: number): number {
    const end = piece.indexOf(LF, start);
    if (end === -1) {
      this.hold(piece.subarray(start));
      return piece.length;
    }
    this.takeLine(piece.subarray(start, end));
    return end + 1;
  }

  private endHeldLine(piece: Uint8Array): number {
    const end = piece.indexOf(LF);
    this.hold(end === -1 ? piece : piece.subarray(0, end));
    if (end === -1) {
      return piece.length;
    }
    const line = this.held.subarray(0, this.heldLength);
    this.heldLength = 0;
    this.takeLine(line);
    return end + 1;
  }

  private hold(bytes: Uint8Array): void {
    this.refuseLong(this.heldLength + bytes.length);
    this.held.set(bytes, this.heldLength);
    this.heldLength += bytes.length;
  }

  private takeLine(bytes: Uint8Array): void {
    this.refuseLong(bytes.length);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    const line = (this.lineNo === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text).trim();
    if (line === '') {
      this.passBlankLine();
    } else {
      const id = this.form.readId(line);
      if (id === undefined) {
        throw badLine(this.lineNo, line, this.form.rule);
      }
      this.blocks.add(id);
    }
    this.lineNo += 1;
  }

  private passBlankLine(): void {
    this.blankLines += 1;
    if (this.blankLines > MOST_BLANK_LINES) {
      throw new UnusableListError(`the list holds more than ${String(MOST_BLANK_LINES)} blank lines`);
    }
  }

  private refuseLong(bytes: number): void {
    if (bytes > LONGEST_LINE) {
      throw new BadLineError(`line ${String(this.lineNo)}`, `is longer than ${String(LONGEST_LINE)} bytes`);
    }
  }
}
