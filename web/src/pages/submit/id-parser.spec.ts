import { describe, expect, it } from '@jest/globals';
import { IdParser, toBody } from './id-parser.js';
import { readText } from './read-file.js';

const MAX = '10000000000000000007';

describe('Ids in text', () => {
  it('are found whatever separates them, exact', () => {
    expect(readText(`1, 2;3\t4|5 "6"\n[7,8]\r\n${MAX}`).ids).toEqual([...Array.from('12345678'), MAX]);
  });

  it('are read across the pieces of a file', () => {
    const reader = new IdParser();
    for (const piece of ['id\n12', '3\n9007199', '254740993', '\n']) {
      reader.push(piece);
    }
    reader.end();
    expect([reader.ids, reader.problemCount]).toEqual([['123', '9007199254740993'], 0]);
  });

  it('that cannot be sent are told with their lines', () => {
    const { problems } = readText(`1\n-2 x\n1.5\n0\n10000000000000000008`);
    expect(problems.map(({ line, text, message }) => [line, text, message])).toEqual([
      [2, '-2', 'is negative'],
      [2, 'x', 'is not an integer'],
      [3, '1.5', 'is not an integer'],
      [4, '0', 'must be 1 or more'],
      [5, '10000000000000000008', `is more than ${MAX}`],
    ]);
  });

  it('are counted in full where more are wrong than are listed', () => {
    const { problems, problemCount } = readText('1\n' + 'x\n'.repeat(1000));
    expect([problems.length, problemCount]).toEqual([100, 1000]);
  });

  it('go as they are written, without zeros before them', () => {
    expect(toBody(readText(`007 ${MAX}`).ids, { priority: 'HIGH', lane: 'crm' })).toBe(
      `{"ids":[7,${MAX}],"priority":"HIGH","lane":"crm"}`,
    );
  });
});
