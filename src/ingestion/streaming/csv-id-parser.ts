import { CsvError, parse, type InfoRecord, type Parser } from 'csv-parse';
import { IdBlocks } from './id-block-packer.js';
import { badLine, readId } from './parse-id.js';
import { MOST_BLANK_LINES } from './line-id-parser.js';
import type { ListReader } from './id-stream-parser.js';
import { BadLineError, UnusableListError } from './stream-errors.js';

/** Characters of a record. */
export const LONGEST_RECORD = 100_000;

/** The parser works through a piece without a pause: a millisecond or two for so many bytes. */
const PARSED_AT_ONCE = 8192;
const COLUMN_NUMBER = /^[1-9]\d{0,3}$/;
/** The first line is a header where its field begins so; no number does. */
const BEGINS_A_NAME = /^[\p{L}_]/u;

/**
 * text/csv: the ids of one column, named by the header or by its number from 1; of the first one where nothing is said.
 */
export class CsvReader implements ListReader {
  private readonly blocks = new IdBlocks();
  private readonly parser: Parser;
  /** From 0; known once the first line was read. */
  private column: number | undefined;

  constructor(private readonly wanted = '1') {
    this.parser = parse({
      bom: true,
      trim: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n'], // left alone it settles for the first that it sees
      max_record_size: LONGEST_RECORD,
      on_record: (record: readonly string[], { lines }: InfoRecord) => {
        this.take(record, lines);
      },
    });
    this.parser.on('error', ignore);
    this.parser.resume();
  }

  async *read(piece: Uint8Array): AsyncGenerator<Uint8Array, void> {
    for (let at = 0; at < piece.length; at += PARSED_AT_ONCE) {
      const slice = Uint8Array.from(piece.subarray(at, at + PARSED_AT_ONCE)); // the parser holds on to its end
      await this.run((done) => this.parser.write(slice, done));
      if (this.parser.info.empty_lines > MOST_BLANK_LINES) {
        throw new UnusableListError(`the list holds more than ${String(MOST_BLANK_LINES)} blank lines`);
      }
      yield* this.blocks.takeFull();
    }
  }

  async *end(): AsyncGenerator<Uint8Array, void> {
    await this.run((done) => {
      this.parser.once('error', done);
      this.parser.once('end', done);
      this.parser.end();
    });
    yield* this.blocks.takeRest();
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
    if (this.column === undefined) {
      const header = this.findColumn(record);
      if (header) {
        return;
      }
    }
    const text = record[this.column ?? 0];
    if (text === undefined) {
      throw new BadLineError(`line ${String(lineNo)}`, `has no column ${this.wanted}`);
    }
    const id = readId(text);
    if (id === undefined) {
      throw badLine(lineNo, text);
    }
    this.blocks.add(id);
  }

  /** Whether the first line is a header. */
  private findColumn(first: readonly string[]): boolean {
    if (COLUMN_NUMBER.test(this.wanted)) {
      this.column = Number(this.wanted) - 1;
      return BEGINS_A_NAME.test(first[this.column] ?? '');
    }
    this.column = first.indexOf(this.wanted);
    if (this.column === -1) {
      throw new BadLineError('line 1', `names no column ${JSON.stringify(this.wanted)}`);
    }
    return true;
  }
}

function translate(error: Error, lineNo: number): Error {
  return error instanceof CsvError
    ? new BadLineError(`line ${String(lineNo)}`, `is not CSV: ${error.message}`)
    : error;
}

function ignore(): void {
  // Whoever waits for the piece learns of it.
}
