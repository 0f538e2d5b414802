import { CsvError, parse, type InfoRecord, type Parser } from 'csv-parse';
import { IdBlockPacker } from './id-block-packer.js';
import { invalidLineError, parseId } from './parse-id.js';
import { MAX_BLANK_LINES } from './line-id-parser.js';
import type { IdStreamParser } from './id-stream-parser.js';
import { InvalidLineError, InvalidListError } from './stream-errors.js';

/** Maximum number of bytes in a record. */
export const MAX_RECORD_LENGTH = 10_000;

/** The parser is synchronous: a piece of this size takes one or two milliseconds. */
const BYTES_PER_STEP = 8192;
const COLUMN_NUMBER = /^[1-9]\d{0,3}$/;
/** The first line is a header if its field starts like this; no number does. */
const NAME_START = /^[\p{L}_]/u;

/**
 * Parses text/csv: the ids of one column, selected by its header or by its number from 1; the first column by default.
 */
export class CsvIdParser implements IdStreamParser {
  private readonly blocks = new IdBlockPacker();
  private readonly parser: Parser;
  /** The column index, from 0; known after the first line. */
  private column: number | undefined;

  constructor(private readonly wanted = '1') {
    this.parser = parse({
      bom: true,
      trim: true,
      skip_empty_lines: true,
      // By default the parser would adopt the first record delimiter that it sees.
      record_delimiter: ['\r\n', '\n'],
      max_record_size: MAX_RECORD_LENGTH,
      on_record: (record: readonly string[], { lines }: InfoRecord) => {
        this.take(record, lines);
      },
    });
    this.parser.on('error', ignore);
    this.parser.resume();
  }

  async *parse(piece: Uint8Array): AsyncGenerator<Uint8Array, void> {
    for (let at = 0; at < piece.length; at += BYTES_PER_STEP) {
      // The parser keeps a reference to the end of the piece.
      const slice = Uint8Array.from(piece.subarray(at, at + BYTES_PER_STEP));
      await this.run((done) => this.parser.write(slice, done));
      if (this.parser.info.empty_lines > MAX_BLANK_LINES) {
        throw new InvalidListError(`the list holds more than ${String(MAX_BLANK_LINES)} blank lines`);
      }
      yield* this.blocks.drainFull();
    }
  }

  async *end(): AsyncGenerator<Uint8Array, void> {
    await this.run((done) => {
      this.parser.once('error', done);
      this.parser.once('end', done);
      this.parser.end();
    });
    yield* this.blocks.flush();
  }

  private run(work: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      work((error) => {
        if (Error.isError(error)) {
          reject(translate(error, this.parser.info.lines));
        } else {
          resolve();
        }
      });
    });
  }

  private take(record: readonly string[], lineNo: number): void {
    if (this.column === undefined && this.findColumn(record)) {
      return; // the record is a header
    }
    const text = record[this.column ?? 0];
    if (text === undefined) {
      throw new InvalidLineError(`line ${String(lineNo)}`, `has no column ${this.wanted}`);
    }
    const id = parseId(text);
    if (id === undefined) {
      throw invalidLineError(lineNo, text);
    }
    this.blocks.add(id);
  }

  /** Selects the column; returns true if the first line is a header. */
  private findColumn(first: readonly string[]): boolean {
    if (COLUMN_NUMBER.test(this.wanted)) {
      this.column = Number(this.wanted) - 1;
      return NAME_START.test(first[this.column] ?? '');
    }
    this.column = first.indexOf(this.wanted);
    if (this.column === -1) {
      throw new InvalidLineError('line 1', `names no column ${JSON.stringify(this.wanted)}`);
    }
    return true;
  }
}

function translate(error: Error, lineNo: number): Error {
  return error instanceof CsvError
    ? new InvalidLineError(`line ${String(lineNo)}`, `is not CSV: ${error.message}`)
    : error;
}

function ignore(): void {
  // The caller that awaits the piece receives the error.
}
