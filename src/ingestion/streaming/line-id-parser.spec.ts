import { describe, expect, it } from '@jest/globals';
import { unpackBigIntIds } from '../../domain/packed-ids.js';
import { CsvIdParser } from './csv-id-parser.js';
import { IDS_PER_BLOCK } from './id-block-packer.js';
import { NDJSON_FORMAT, TEXT_FORMAT } from './line-formats.js';
import { LineIdParser, MAX_LINE_LENGTH, MAX_BLANK_LINES } from './line-id-parser.js';
import type { IdStreamParser } from './id-stream-parser.js';
import { InvalidLineError } from './stream-errors.js';

async function blocksOf(reader: IdStreamParser, pieces: Iterable<Uint8Array>): Promise<Uint8Array[]> {
  const blocks: Uint8Array[] = [];
  for (const piece of pieces) {
    for await (const block of reader.parse(piece)) {
      blocks.push(block.slice()); // its buffer is reused
    }
  }
  for await (const block of reader.end()) {
    blocks.push(block.slice());
  }
  return blocks;
}

async function idsOf(reader: IdStreamParser, text: string, pieceBytes = 65_536): Promise<bigint[]> {
  return (await blocksOf(reader, cut(Buffer.from(text), pieceBytes))).flatMap((block) =>
    unpackBigIntIds(block),
  );
}

function* cut(bytes: Buffer, pieceBytes: number): Generator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    yield bytes.subarray(at, at + pieceBytes);
  }
}

const READERS: readonly [string, () => IdStreamParser][] = [
  ['text', () => new LineIdParser(TEXT_FORMAT)],
  ['NDJSON', () => new LineIdParser(NDJSON_FORMAT)],
  ['CSV', () => new CsvIdParser()],
];

describe.each(READERS)('A list as %s', (_, newReader) => {
  it('is the same wherever it is cut', async () => {
    const text =
      '\ufeff1\r\n999999999999999\n1000000000000000\n\n 9007199254740993 \r\n10000000000000000007\n4294967296\n7';
    const ids = [
      1n,
      999999999999999n,
      1000000000000000n,
      9007199254740993n,
      10000000000000000007n,
      4294967296n,
      7n,
    ];
    for (let pieceBytes = 1; pieceBytes <= text.length + 2; pieceBytes++) {
      expect(await idsOf(newReader(), text, pieceBytes)).toEqual(ids);
    }
  });

  it('comes in blocks that can be staged, and a rest', async () => {
    const size = 2 * IDS_PER_BLOCK + 1;
    const text = Array.from({ length: size }, (__, i) => `${String(i + 1)}\n`).join('');
    const blocks = await blocksOf(newReader(), cut(Buffer.from(text), 10_000));
    expect(blocks.map(({ length }) => length / 8)).toEqual([IDS_PER_BLOCK, IDS_PER_BLOCK, 1]);
    expect(blocks.flatMap((block) => unpackBigIntIds(block))).toEqual(
      Array.from({ length: size }, (__, i) => BigInt(i + 1)),
    );
  });

  it.each([
    '10000000000000000008',
    '99999999999999999999',
    '123456789012345678901',
    '0',
    '-1',
    '+1',
    '1.0',
    '1e2',
    '01',
    '1 2',
    '٣',
  ])('refuses %s, wherever it is cut', async (text) => {
    for (const pieceBytes of [1, 2, 1000]) {
      const reading = idsOf(newReader(), `1\n2\n${text}\n4\n`, pieceBytes);
      await expect(reading).rejects.toThrow(/^line 3 must be an integer from 1 to 10000000000000000007/);
    }
  });
});

describe('A list of lines', () => {
  it('takes a line as long as it may be, and none longer', async () => {
    const longest = ' '.repeat(MAX_LINE_LENGTH - 1);
    expect(await idsOf(new LineIdParser(TEXT_FORMAT), `${longest}7\n`, 300)).toEqual([7n]);
    for (const pieceBytes of [1, 300, 65_536]) {
      const reading = idsOf(new LineIdParser(TEXT_FORMAT), `1\n${longest} 7\n`, pieceBytes);
      await expect(reading).rejects.toThrow(new InvalidLineError('line 2', 'is longer than 1000 bytes'));
    }
  });

  it('passes over so many blank lines and no more', async () => {
    const blank = '\n'.repeat(MAX_BLANK_LINES);
    expect(await idsOf(new LineIdParser(TEXT_FORMAT), `${blank}7`)).toEqual([7n]);
    await expect(idsOf(new LineIdParser(TEXT_FORMAT), `${blank}\n7`)).rejects.toThrow('blank lines');
  });
});

describe('A list as CSV', () => {
  it('refuses a record without an end while it comes', async () => {
    await expect(idsOf(new CsvIdParser(), `"${'7'.repeat(200_000)}`)).rejects.toThrow(
      /^line \d+ is not CSV: Max Record Size/,
    );
  });

  it.each([
    ['id', 'name,id\nx,1\n', [1n]],
    ['2', 'name,id\nx,1\n', [1n]],
    ['2', 'x,1\n', [1n]],
    ['1', '_id,x\n1,a\n', [1n]],
    ['größe', 'x,größe\n1,2\n', [2n]],
  ])('reads column %s of %j', async (column, text, ids) => {
    for (const pieceBytes of [1, 1000]) {
      expect(await idsOf(new CsvIdParser(column), text, pieceBytes)).toEqual(ids);
    }
  });

  it('has no column 0, as a name neither', async () => {
    await expect(idsOf(new CsvIdParser('0'), 'a\n1\n')).rejects.toThrow('line 1 names no column "0"');
  });
});
